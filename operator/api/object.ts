import { z } from 'zod';
import type { DeepReadonly } from './readonly.ts';

/** `metadata` of a Kubernetes object, as far as the operator reads or writes it. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  /** RFC 3339. */
  readonly creationTimestamp?: string;
  /** RFC 3339. */
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
}

/** A reference to the object that another belongs to. */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** An int32 within bounds. */
export function count(minimum: number, maximum: number): z.ZodInt {
  return z.int().min(minimum).max(maximum);
}

/** A `metadata.generation`. */
export const generation = z.int().min(0).meta({ format: 'int64' });

/** The read-only type of the values that a schema gives. */
export type ValueOf<Schema extends z.ZodType> = DeepReadonly<z.output<Schema>>;

import * as z from 'zod';
import type { ObjectMeta } from './kubernetes/object.ts';
import type { DeepReadonly } from './readonly.ts';

/** `metadata` of an object that exists, and so has a name. */
export type NamedMeta = ObjectMeta & { readonly name: string };

/** An int32 within bounds. */
export function boundedCount(minimum: number, maximum: number): z.ZodInt {
  return z.int().min(minimum).max(maximum);
}

/** A `metadata.generation`. */
export const generation = z.int().min(0).meta({ format: 'int64' });

/** The read-only type of the values that a schema gives. */
export type ValueOf<Schema extends z.ZodType> = DeepReadonly<z.output<Schema>>;

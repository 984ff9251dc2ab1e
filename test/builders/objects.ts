import type { KubeObject, ObjectMeta } from '../../operator/api/kubernetes/object.ts';

/** A moment as the API server writes it, so many seconds after an arbitrary beginning. */
export function at(seconds: number): string {
  return new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString().replace('.000Z', 'Z');
}

/** An object as the API server gives it; tests that need more of its fields say so. */
export type RawObject = KubeObject & Readonly<Record<string, unknown>>;

let version = 100;

/** Metadata with a uid and a new resourceVersion. */
export function meta(parts: ObjectMeta): ObjectMeta {
  version += 1;
  return { uid: `uid-${parts.name ?? ''}`, resourceVersion: String(version), ...parts };
}

/** Which child of which station. */
export interface StationPlace {
  readonly namespace?: string;
  readonly kitchen?: string;
  readonly station?: string;
  readonly zone?: string;
}

/** Where an object belongs unless told otherwise. */
export const defaultPlace = { namespace: 'food', kitchen: 'pizzeria', station: 'grill', zone: 'zone-a' };

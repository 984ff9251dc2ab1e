import type { ObjectMeta } from '../api/kubernetes/object.ts';

/** One shared empty list, to save memory: nearly every object has no finalizers. */
const NONE: readonly string[] = [];

/** The finalizers that an object under deletion still waits for; empty while it is not being deleted. */
export function finalizersOf({ deletionTimestamp, finalizers = NONE }: ObjectMeta): readonly string[] {
  return deletionTimestamp === undefined ? NONE : finalizers;
}

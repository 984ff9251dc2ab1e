import type { ObjectMeta } from '../api/kubernetes/object.ts';

/** Shared, since nearly every object has it. */
const NONE: readonly string[] = [];

/** Who has yet to let go of an object that is being deleted; nobody while it is not. */
export function finalizersOf({ deletionTimestamp, finalizers = NONE }: ObjectMeta): readonly string[] {
  return deletionTimestamp === undefined ? NONE : finalizers;
}

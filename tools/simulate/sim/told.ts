import type { Change } from './server.ts';

/** A ReplicaSet was told to try again: as long as it cannot, that goes on, and nothing comes of it. */
export function isOnlyTold({ kind, object }: Change, told: Map<string, number>): boolean {
  if (kind !== 'deployment' && kind !== 'replicaSet') return false;
  const before = told.get(object.uid) ?? 0;
  told.set(object.uid, object.timesTold);
  return object.timesTold > before;
}

import type { DeletingChild } from './child.ts';

/** The finalizer of a foreground delete: the object waits until what it owns is gone. */
const FOREGROUND = 'foregroundDeletion';

/** The finalizers that still hold an object, as words that follow its name. */
export function heldBy({ finalizers }: Pick<DeletingChild, 'finalizers'>): string {
  const others = finalizers.filter((finalizer) => finalizer !== FOREGROUND);
  return others.length === 0 ? '' : ` (${others.length === 1 ? 'finalizer' : 'finalizers'} ${others.join(', ')})`;
}

/** A number of things in words: `1 pod`, `2 pods`. */
export function count(many: number, thing: string): string {
  return `${many} ${thing}${many === 1 ? '' : 's'}`;
}

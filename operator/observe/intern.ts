/** Texts that many objects share (node names, zones, stations). */
const known = new Map<string, string>();
const LIMIT = 50_000;

/** Returns one shared string for equal texts: parsed JSON holds a copy of a node's name in each of its pods. */
export function intern(text: string): string {
  const same = known.get(text);
  if (same !== undefined) return same;
  if (known.size >= LIMIT) known.clear();
  known.set(text, text);
  return text;
}

const knownLists = new Map<string, readonly unknown[]>();

/** Returns one shared list for equal small lists of plain data, such as tolerations. */
export function internList<T>(list: readonly T[]): readonly T[] {
  const text = list.length === 0 ? '' : JSON.stringify(list);
  const same = knownLists.get(text) as readonly T[] | undefined;
  if (same !== undefined) return same;
  if (knownLists.size >= LIMIT) knownLists.clear();
  knownLists.set(text, list);
  return list;
}

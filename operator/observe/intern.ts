/** Texts that many objects share (node names, zones, stations). */
const known = new Map<string, string>();
const LIMIT = 50_000;

/** The same text as one string in memory: parsed JSON holds a copy an object. */
export function intern(text: string): string {
  const same = known.get(text);
  if (same !== undefined) return same;
  if (known.size >= LIMIT) known.clear();
  known.set(text, text);
  return text;
}

const knownLists = new Map<string, readonly unknown[]>();

/** The same for small lists of plain data that many objects share, such as tolerations. */
export function internList<T>(list: readonly T[]): readonly T[] {
  const text = list.length === 0 ? '' : JSON.stringify(list);
  const same = knownLists.get(text) as readonly T[] | undefined;
  if (same !== undefined) return same;
  if (knownLists.size >= LIMIT) knownLists.clear();
  knownLists.set(text, list);
  return list;
}

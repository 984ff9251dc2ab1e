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

/**
 * Whether two values of JSON are equal. It runs for each part of each object of each event: therefore without
 * callbacks and lists of keys, which take ten times as long.
 */
export function isEqual(some: unknown, others: unknown): boolean {
  if (some === others) return true;
  if (typeof some !== 'object' || typeof others !== 'object' || some === null || others === null) return false;
  if (Array.isArray(some)) return Array.isArray(others) && areSame(some, others);
  if (Array.isArray(others)) return false;
  let more = 0;
  for (const key in some) {
    const part = (some as Readonly<Record<string, unknown>>)[key];
    const other = (others as Readonly<Record<string, unknown>>)[key];
    // A field that is undefined is not one that is absent.
    if (!isEqual(part, other) || (part === undefined && !Object.hasOwn(others, key))) return false;
    more += 1;
  }
  for (const _ in others) more -= 1;
  return more === 0;
}

function areSame(some: readonly unknown[], others: readonly unknown[]): boolean {
  if (some.length !== others.length) return false;
  for (let at = 0; at < some.length; at += 1) if (!isEqual(some[at], others[at])) return false;
  return true;
}

import type { ChangedField } from '../api/kubernetes/changedFields.ts';
import type { Contest } from '../model/contest.ts';

/** A field that was not contested again for this long is no longer contested. */
export const CONTESTED_MS = 15 * 60_000;

/** At most this many fields of one station are remembered. The one whose last contest is oldest is forgotten first. */
const MOST = 20;
const MOST_LETTERS = 60;

/** Who is noted as the author when the answer to a write already holds another value. */
export const ADMISSION = 'admission';

interface Remembered {
  readonly contest: Contest;
  readonly atMs: number;
}

/** A field of a child that did not keep the value that we wrote. */
export interface Contested extends ChangedField {
  readonly object: string;
  readonly by: string;
}

/** Fields of children that others change, by the uid of their Station: how often we wrote each, and who changed it. */
export class Contests {
  readonly #byOwner = new Map<string, Map<string, Remembered>>();

  /** Notes that we wrote a field that another manager had changed, or that came back with another value. */
  note(uid: string, { object, path, by, asked, found }: Contested, nowMs: number): void {
    const known = this.#byOwner.get(uid) ?? new Map<string, Remembered>();
    const key = `${object} ${path} ${by}`;
    const before = known.get(key);
    const times = before !== undefined && nowMs - before.atMs < CONTESTED_MS ? before.contest.times + 1 : 1;
    known.delete(key);
    const contest = { object, path, by, asked: inShort(asked), found: inShort(found), times };
    known.set(key, { contest, atMs: nowMs });
    for (const oldest of [...known.keys()].slice(0, Math.max(0, known.size - MOST))) known.delete(oldest);
    this.#byOwner.set(uid, known);
  }

  /** Notes that the answer held the child as we wrote it: admission no longer changes it. */
  settle(uid: string, object: string): void {
    const known = this.#byOwner.get(uid);
    for (const [key, { contest }] of known ?? []) {
      if (contest.object === object && contest.by === ADMISSION) known?.delete(key);
    }
  }

  /** The contests of the last 15 min, and in how many ms the oldest of them ends. */
  of(uid: string, nowMs: number): { readonly contests: readonly Contest[]; readonly lookAgainMs: number | undefined } {
    const recent = [...(this.#byOwner.get(uid)?.values() ?? [])].filter(({ atMs }) => nowMs - atMs < CONTESTED_MS);
    if (recent.length === 0) return { contests: [], lookAgainMs: undefined };
    const lookAgainMs = Math.min(...recent.map(({ atMs }) => atMs + CONTESTED_MS - nowMs));
    return { contests: recent.map(({ contest }) => contest), lookAgainMs };
  }

  forgetOwner(uid: string): void {
    this.#byOwner.delete(uid);
  }
}

/** A value as text, cut when it is long. */
export function inShort(value: ChangedField['asked']): string {
  const json = value === undefined ? 'nothing' : typeof value === 'string' ? value : JSON.stringify(value);
  return json.length <= MOST_LETTERS ? json : `${json.slice(0, MOST_LETTERS - 1)}…`;
}

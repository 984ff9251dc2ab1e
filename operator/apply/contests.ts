import type { ChangedField } from '../api/kubernetes/changedFields.ts';
import type { Contest } from '../model/contest.ts';

/** A field that does not change for so long is contested no more. */
export const CONTESTED_MS = 15 * 60_000;

/** Fields of one station, at most; the one contested longest ago is forgotten first. */
const MOST = 20;
const MOST_LETTERS = 60;

/** Who stands for changes that come with the answer to a write. */
export const ADMISSION = 'admission';

interface Remembered {
  readonly contest: Contest;
  readonly atMs: number;
}

/** A child, and a field of it that did not stay as it was written. */
export interface Contested extends ChangedField {
  readonly object: string;
  readonly by: string;
}

/** Fields of children that others change, by the uid of their Station: how often we wrote each, and who changed it. */
export class Contests {
  readonly #byOwner = new Map<string, Map<string, Remembered>>();

  /** A field was written that somebody had changed, or that came back otherwise. */
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

  /** The child came back as it was asked for: admission has nothing against it any more. */
  settle(uid: string, object: string): void {
    const known = this.#byOwner.get(uid);
    for (const [key, { contest }] of known ?? []) {
      if (contest.object === object && contest.by === ADMISSION) known?.delete(key);
    }
  }

  /** Those of the last quarter of an hour, and when the first of them will be too old, in ms. */
  of(uid: string, nowMs: number): { readonly contests: readonly Contest[]; readonly turnsInMs: number | undefined } {
    const recent = [...(this.#byOwner.get(uid)?.values() ?? [])].filter(({ atMs }) => nowMs - atMs < CONTESTED_MS);
    if (recent.length === 0) return { contests: [], turnsInMs: undefined };
    const turnsInMs = Math.min(...recent.map(({ atMs }) => atMs + CONTESTED_MS - nowMs));
    return { contests: recent.map(({ contest }) => contest), turnsInMs };
  }

  forgetOwner(uid: string): void {
    this.#byOwner.delete(uid);
  }
}

/** A value in a few letters. */
export function inShort(value: ChangedField['asked']): string {
  const json = value === undefined ? 'nothing' : typeof value === 'string' ? value : JSON.stringify(value);
  return json.length <= MOST_LETTERS ? json : `${json.slice(0, MOST_LETTERS - 1)}…`;
}

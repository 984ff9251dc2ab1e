import { Contests } from './contests.ts';
import { Pace } from './pace.ts';

/** After this long a refused write is tried again although nobody changed anything: a quota may have been raised. */
export const refusedForMs = 300_000;

/** A right may come back at any moment, and a rule of admission may go: tried again after the first, then after twice as long each time, up to the most. */
const growing: Readonly<Partial<Record<RefusalReason, { readonly firstMs: number; readonly mostMs: number }>>> = {
  NotPermitted: { firstMs: 1_000, mostMs: 30_000 },
  Contested: { firstMs: 5_000, mostMs: 60_000 },
};

/**
 * What was held against a write: the object itself, our role, that the name belongs to somebody else, that the namespace goes, that
 * it came back otherwise than it was asked for, or that the same was written too often.
 */
export type RefusalReason =
  | 'Refused'
  | 'NotPermitted'
  | 'NameTaken'
  | 'NamespaceTerminating'
  | 'Contested'
  | 'TooManyWrites';

export interface Refusal {
  readonly message: string;
  readonly reason: RefusalReason;
  /** Until it is tried again. */
  readonly retryMs: number;
}

interface Remembered {
  readonly generation: number;
  readonly atMs: number;
  readonly message: string;
  readonly reason: RefusalReason;
  /** What was to be written, where that is known: admission that changed it may have nothing against other content. */
  readonly hash?: string | undefined;
  /** How long it holds. */
  readonly forMs: number;
}

/** A write that may have been refused. */
interface Asked {
  readonly name: string;
  readonly hash?: string | undefined;
  /** The longest that a contested one waits, in ms. */
  readonly mostMs?: number | undefined;
}

/**
 * Writes that the API server refused, so that they are not repeated until somebody changes something. Kept by owner (the
 * UID of a Station or Kitchen) and by what was to be written; an owner's are dropped together.
 */
export class Refusals {
  /** What was not refused, and does not stay as it was written. */
  readonly contests = new Contests();
  readonly pace = new Pace();
  readonly #byOwner = new Map<string, Map<string, Remembered>>();

  /** The refusal that still holds for this write, if there is one. */
  find(owner: Owner, { name, hash, mostMs = Infinity }: Asked, nowMs: number): Refusal | undefined {
    const known = this.#byOwner.get(owner.uid)?.get(name);
    if (known === undefined || known.generation !== owner.generation) return undefined;
    const isContested = known.reason === 'Contested';
    if (isContested && hash !== undefined && hash !== known.hash) return undefined;
    const retryMs = known.atMs + Math.min(known.forMs, isContested ? mostMs : Infinity) - nowMs;
    return retryMs > 0 ? { message: known.message, reason: known.reason, retryMs } : undefined;
  }

  /** Returns for how long the refusal holds, in milliseconds. */
  remember(owner: Owner, write: string, refusal: Omit<Remembered, 'generation' | 'forMs'>): number {
    const known = this.#byOwner.get(owner.uid) ?? new Map<string, Remembered>();
    for (const [other, { generation }] of known) if (generation !== owner.generation) known.delete(other);
    const grows = growing[refusal.reason];
    const doubledMs = 2 * (known.get(write)?.forMs ?? (grows?.firstMs ?? 0) / 2);
    const forMs = grows === undefined ? refusedForMs : Math.min(doubledMs, grows.mostMs);
    known.set(write, { ...refusal, forMs, generation: owner.generation });
    this.#byOwner.set(owner.uid, known);
    return forMs;
  }

  /** The newest refusal that still holds among the writes whose names begin so. */
  findKind(owner: Owner, kind: string, nowMs: number): Refusal | undefined {
    const names = [...(this.#byOwner.get(owner.uid)?.keys() ?? [])].filter((name) => name.startsWith(`${kind} `));
    return names.map((name) => this.find(owner, { name }, nowMs)).findLast((refusal) => refusal !== undefined);
  }

  /** The write went through, or is no longer wanted. */
  forget(owner: Owner, write: string): void {
    const known = this.#byOwner.get(owner.uid);
    known?.delete(write);
    if (known?.size === 0) this.#byOwner.delete(owner.uid);
  }

  /** The owner is gone. */
  forgetOwner(uid: string): void {
    this.#byOwner.delete(uid);
    this.contests.forgetOwner(uid);
    this.pace.forgetOwner(uid);
  }
}

/** Whose write it is; a new generation is a change that makes a refused write worth another try. */
export interface Owner {
  readonly uid: string;
  readonly generation: number;
}

import { Contests } from './contests.ts';
import { Pace } from './pace.ts';

/** A refused write is tried again after this long, even if we see no change: perhaps a quota was raised. */
export const refusedForMs = 300_000;

/**
 * For these reasons a write is tried again sooner: a right may be granted, or an admission rule removed, at any moment.
 * The first wait is `firstMs`, and each further wait is twice as long, up to `mostMs`.
 */
const growing: Readonly<Partial<Record<RefusalReason, { readonly firstMs: number; readonly mostMs: number }>>> = {
  NotPermitted: { firstMs: 1_000, mostMs: 30_000 },
  Contested: { firstMs: 5_000, mostMs: 60_000 },
};

/**
 * Why a write was refused: the API server refuses the object, our role lacks the right, the name belongs to another
 * owner, the namespace is being deleted, admission changed what was written, or the same was written too often.
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
  /** How long until it is tried again. */
  readonly lookAgainMs: number;
}

interface Remembered {
  readonly generation: number;
  readonly atMs: number;
  readonly message: string;
  readonly reason: RefusalReason;
  /**
   * Contents that admission has changed since a write last went through. Any other content is tried at once: it may be
   * accepted.
   */
  readonly tried: readonly string[];
  /** How long the refusal holds. */
  readonly forMs: number;
}

/** Up to this many different contents are tried at once. After that, every content waits. */
const MOST_TRIED = 10;

/** A write that may have been refused. */
interface Asked {
  readonly name: string;
  readonly hash?: string | undefined;
  /** The longest that a contested write waits, in ms. */
  readonly mostMs?: number | undefined;
}

/**
 * Writes that were refused, so that they are not repeated until something changes. Kept by owner (the UID of a Station
 * or Kitchen) and by the name of the write. All refusals of an owner are dropped together.
 */
export class Refusals {
  /** Fields that were accepted and do not keep the value that we wrote. */
  readonly contests = new Contests();
  readonly pace = new Pace();
  readonly #byOwner = new Map<string, Map<string, Remembered>>();

  /** The refusal that still holds for this write, if there is one. */
  find(owner: WriteOwner, { name, hash, mostMs = Infinity }: Asked, nowMs: number): Refusal | undefined {
    const known = this.#byOwner.get(owner.uid)?.get(name);
    if (known === undefined || known.generation !== owner.generation) return undefined;
    const isContested = known.reason === 'Contested';
    if (isContested && hash !== undefined && known.tried.length < MOST_TRIED && !known.tried.includes(hash)) {
      return undefined;
    }
    const lookAgainMs = known.atMs + Math.min(known.forMs, isContested ? mostMs : Infinity) - nowMs;
    return lookAgainMs > 0 ? { message: known.message, reason: known.reason, lookAgainMs } : undefined;
  }

  /** Remembers a refusal; returns how long it holds, in ms. */
  remember(owner: WriteOwner, { name, hash }: Asked, refusal: Pick<Remembered, 'message' | 'reason' | 'atMs'>): number {
    const known = this.#byOwner.get(owner.uid) ?? new Map<string, Remembered>();
    for (const [other, { generation }] of known) if (generation !== owner.generation) known.delete(other);
    const before = known.get(name);
    const tried = triedWith(before, refusal.reason === 'Contested' ? hash : undefined);
    const forMs = holdsForMs(refusal.reason, before, tried);
    known.set(name, { ...refusal, tried, forMs, generation: owner.generation });
    this.#byOwner.set(owner.uid, known);
    return forMs;
  }

  /** The newest refusal that still holds among the writes whose names begin with this kind. */
  findKind(owner: WriteOwner, kind: string, nowMs: number): Refusal | undefined {
    const names = [...(this.#byOwner.get(owner.uid)?.keys() ?? [])].filter((name) => name.startsWith(`${kind} `));
    return names.map((name) => this.find(owner, { name }, nowMs)).findLast((refusal) => refusal !== undefined);
  }

  /** Forgets a write that went through or is no longer wanted. */
  forget(owner: WriteOwner, write: string): void {
    const known = this.#byOwner.get(owner.uid);
    known?.delete(write);
    if (known?.size === 0) this.#byOwner.delete(owner.uid);
  }

  /** Forgets an owner that is gone. */
  forgetOwner(uid: string): void {
    this.#byOwner.delete(uid);
    this.contests.forgetOwner(uid);
    this.pace.forgetOwner(uid);
  }
}

/** The contents tried before, and this one. */
function triedWith(before: Remembered | undefined, hash: string | undefined): readonly string[] {
  const tried = before?.tried ?? [];
  return hash === undefined || tried.includes(hash) ? tried : [...tried, hash];
}

/** How long a refusal holds: twice as long as before, unless another content was tried for the first time. */
function holdsForMs(reason: RefusalReason, before: Remembered | undefined, tried: readonly string[]): number {
  const grows = growing[reason];
  if (grows === undefined) return refusedForMs;
  if (before === undefined) return grows.firstMs;
  const isOther = tried.length > before.tried.length;
  return Math.min(isOther ? before.forMs : 2 * before.forMs, grows.mostMs);
}

/** The Station or Kitchen whose write it is. When its generation changes, a refused write is tried again at once. */
export interface WriteOwner {
  readonly uid: string;
  readonly generation: number;
}

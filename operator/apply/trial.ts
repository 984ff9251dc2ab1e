import type { Content } from './pace.ts';
import type { Refusal, Refusals, WriteOwner } from './refusals.ts';

/** A write that may have to wait. If it is refused, that is remembered under `name`. */
export interface Trial {
  readonly name: string;
  /** What it writes. Writing the same content to one object again and again needs a pause in between. */
  readonly content?: Content | undefined;
  /** The longest such pause, in ms. */
  readonly mostMs?: number | undefined;
}

/** Why the write has to wait: it was refused lately, or the same content was written too often. */
export function holdsBack(
  { name, content, mostMs }: Trial,
  { owner, refusals }: { readonly owner: WriteOwner; readonly refusals: Refusals },
  nowMs: number,
): Refusal | undefined {
  const refusal = refusals.find(owner, { name, hash: content?.hash, mostMs }, nowMs);
  if (refusal !== undefined || content === undefined) return refusal;
  const lookAgainMs = refusals.pace.waitMs(owner.uid, content, { nowMs, mostMs });
  if (lookAgainMs === 0) return undefined;
  const message = `${name}: the same was written again and again, and something changes it back each time; it waits a little longer each time`;
  return { message, reason: 'TooManyWrites', lookAgainMs };
}

import type { Plan, Step } from '../model/plan.ts';
import { intentHashOf } from '../plan/children/intent.ts';
import type { Content } from './pace.ts';
import type { Owner, Refusal, Refusals } from './refusals.ts';

/** A write that may have to wait; a refusal of it is remembered by `name`. */
export interface Trial {
  readonly name: string;
  /** What it writes: the same is not written to the same object again and again without a pause. */
  readonly content?: Content | undefined;
  /** The longest such pause, in ms. */
  readonly mostMs?: number | undefined;
}

/** While demand is not met, a write that makes pods never waits longer than this. */
const URGENT_MS = 10_000;

/** How a step of the plan is tried. */
export function trialOf(step: Step, { survival }: Pick<Plan, 'survival'>): Trial {
  const isUrgent = survival.short > 0 && (step.kind === 'create' || step.kind === 'grow');
  // The name has the kind, so that a refused rollout does not keep the zone from growing.
  const name = `${step.kind} ${'intent' in step ? step.intent.name : 'zone' in step ? step.zone : step.name}`;
  return { name, content: contentOf(step), mostMs: isUrgent ? URGENT_MS : undefined };
}

/** Why the write has to wait: it was refused lately, or the same was written too often. */
export function holdsBack(
  { name, content, mostMs }: Trial,
  { owner, refusals }: { readonly owner: Owner; readonly refusals: Refusals },
  nowMs: number,
): Refusal | undefined {
  const refusal = refusals.find(owner, { name, hash: content?.hash, mostMs }, nowMs);
  if (refusal !== undefined || content === undefined) return refusal;
  const retryMs = refusals.pace.waitMs(owner.uid, content, { nowMs, mostMs });
  if (retryMs === 0) return undefined;
  const message = `${name}: the same was written again and again, and something changes it back each time; it waits a little longer each time`;
  return { message, reason: 'TooManyWrites', retryMs };
}

/** What a step writes; undefined for one that cannot be repeated. */
function contentOf(step: Step): Content | undefined {
  if ('intent' in step) {
    const { kind, name } = step.intent;
    return { object: `${kind} ${name}`, hash: intentHashOf(step.intent) ?? '' };
  }
  if (step.kind !== 'mark' && step.kind !== 'unmark') return undefined;
  const uids = step.pods.map(({ uid }) => uid).toSorted();
  return { object: `marks in ${step.zone}`, hash: `${step.kind} ${uids.join(' ')}` };
}

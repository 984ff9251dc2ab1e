import { canonicalJson } from '../../api/hash.ts';
import type { Plan, Step } from '../../model/plan.ts';
import { intentHashOf } from '../../plan/children/intent.ts';
import type { Content } from '../pace.ts';
import type { Trial } from '../trial.ts';

/** While demand is not met, a step that makes pods never waits longer than this. */
const URGENT_MS = 10_000;

/** A step of a station's plan as a trial: its name, its content and the longest wait. */
export function trialOf(step: Step, { survival }: Pick<Plan, 'survival'>): Trial {
  const isUrgent = survival.short > 0 && (step.kind === 'create' || step.kind === 'grow');
  // The kind is part of the name: a refused rollout must not keep the zone from growing.
  const name = `${step.kind} ${'intent' in step ? step.intent.name : 'zone' in step ? step.zone : step.name}`;
  return { name, content: contentOf(step), mostMs: isUrgent ? URGENT_MS : undefined };
}

/** Undefined for a step that is never sent twice with the same content. */
function contentOf(step: Step): Content | undefined {
  if ('intent' in step) {
    const { resource, name, figures = {} } = step.intent;
    return { object: `${resource.kind} ${name}`, hash: `${intentHashOf(step.intent) ?? ''} ${canonicalJson(figures)}` };
  }
  if (step.kind !== 'mark' && step.kind !== 'unmark') return undefined;
  const uids = step.pods.map(({ uid }) => uid).toSorted();
  return { object: `marks in ${step.zone}`, hash: `${step.kind} ${uids.join(' ')}` };
}

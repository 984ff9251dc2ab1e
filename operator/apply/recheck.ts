import type { Plan, Step } from '../model/plan.ts';

/** A step that cannot be undone: deletes made for it bypass every budget, and a template called bad is not tried again. */
export type Irreversible = Extract<Step, { kind: 'shrink' | 'prune' | 'rollBack' | 'makeRoom' }>;

export function isIrreversible(step: Step): step is Irreversible {
  return step.kind === 'shrink' || step.kind === 'prune' || step.kind === 'rollBack' || step.kind === 'makeRoom';
}

/** Finds the step in a plan made from fresh reads, with fresh resource versions; undefined when it is no longer planned. */
export function sameStepIn(plan: Plan, step: Irreversible): Irreversible | undefined {
  return plan.steps.filter(isIrreversible).find((fresh) => isSame(fresh, step));
}

function isSame(fresh: Irreversible, step: Irreversible): boolean {
  if (fresh.zone !== step.zone) return false;
  if (fresh.kind === 'makeRoom') return step.kind === 'makeRoom';
  if (fresh.kind === 'prune') return step.kind === 'prune' && fresh.uid === step.uid;
  if (fresh.kind === 'rollBack') return step.kind === 'rollBack' && fresh.good.hash === step.good.hash;
  return (
    step.kind === 'shrink' && fresh.from === step.from && fresh.to === step.to && isSameSet(fresh.victims, step.victims)
  );
}

function isSameSet(some: readonly string[], others: readonly string[]): boolean {
  const known = new Set(some);
  return known.size === new Set(others).size && others.every((uid) => known.has(uid));
}

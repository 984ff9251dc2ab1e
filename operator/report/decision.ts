import type { StepResult } from '../apply/result.ts';
import { statusLimits } from '../api/status.ts';
import type { Decision } from '../api/status.ts';
import { showZone } from '../api/zone.ts';
import type { Step } from '../model/plan.ts';
import { clip } from './clip.ts';

/** A step in a few words, the same in log, event and status: `grow zone-a from 2 to 3`. */
export function wordsOf(step: Step): string {
  switch (step.kind) {
    case 'applyService':
      return `apply Service ${step.intent.name}`;
    case 'applyBudget':
      return `let the budget keep ${step.minAvailable} available`;
    case 'create':
      return `start ${step.to} in ${showZone(step.zone)}`;
    case 'grow':
    case 'shrink':
      return `${step.kind} ${showZone(step.zone)} from ${step.from} to ${step.to}`;
    case 'mend':
      return `mend Deployment ${step.intent.name}`;
    case 'evenOut':
      return `even out ${showZone(step.zone)} from ${step.from} to ${step.to}`;
    case 'makeRoom':
      return `let an old pod go first in ${showZone(step.zone)}`;
    case 'rollOut':
      return `roll out to ${showZone(step.zone)}`;
    case 'rollBack':
      return `roll back ${showZone(step.zone)}`;
    case 'mark':
      return `mark ${step.pods.map((pod) => pod.name).join(', ')}`;
    case 'unmark':
      return `unmark ${step.pods.map((pod) => pod.name).join(', ')}`;
    case 'tellToTry':
      return `tell the ReplicaSet in ${showZone(step.zone)} to try again`;
    case 'prune':
    case 'pruneService':
      break;
  }
  return `take away ${step.kind === 'prune' ? 'Deployment' : 'Service'} ${step.name}`;
}

/** Steps that change how many pods there are, or which: those that people may ask about later. */
const decisions: ReadonlySet<Step['kind']> = new Set([
  'create',
  'grow',
  'shrink',
  'evenOut',
  'rollOut',
  'makeRoom',
  'rollBack',
  'mark',
  'prune',
]);

/** A decision, and the step it was. */
export interface Decided {
  readonly step: Step;
  readonly decision: Decision;
}

/** The decisions among the steps that were done, in that order, each with its own id, and all with the same time. */
export function decisionsOf(
  results: readonly StepResult<Step>[],
  newId: () => string,
  time: string,
): readonly Decided[] {
  return results
    .filter(({ step, outcome }) => outcome === 'done' && decisions.has(step.kind))
    .map(({ step }) => ({
      step,
      decision: {
        id: newId(),
        time,
        what: clip(wordsOf(step), statusLimits.what),
        why: clip(step.why, statusLimits.why),
      },
    }));
}

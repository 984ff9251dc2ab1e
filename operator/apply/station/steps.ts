import { LOWEST_DELETION_COST } from '../../api/labels.ts';
import { deployments, services } from '../../api/kubernetes/resource.ts';
import type { Resource } from '../../api/kubernetes/resource.ts';
import type { KubeObject } from '../../api/kubernetes/object.ts';
import { showZone } from '../../api/zone.ts';
import { isCode } from '../../kube/errors.ts';
import type { Intent } from '../../model/intent.ts';
import type { Plan, Step } from '../../model/plan.ts';
import type { StepRules } from '../applyPlan.ts';
import { rowOf } from '../step.ts';
import type { Sending, StepOf, StepRow, StepRows } from '../step.ts';
import { refuseStrangers } from '../refuseStrangers.ts';
import { applyIntent, patchFigures, removeAsSeen, setDeletionCost, tellToTry } from '../write.ts';
import type { Writing } from '../write.ts';
import { changedInAnswer } from './answer.ts';
import { sendRollBack } from './sendRollBack.ts';
import { trialOf } from './trial.ts';

type Marking = StepOf<Step, 'mark'>;
type Removal = StepOf<Step, 'prune' | 'pruneService'>;
type Shrink = StepOf<Step, 'shrink'>;

/** Every step of a station's plan, one row each. */
export const stationSteps: StepRows<Step> = {
  applyService: intentStep({
    words: ({ intent }) => `apply Service ${intent.name}`,
    doing: ({ intent }) => `applying Service ${intent.name}`,
  }),
  applyBudget: intentStep({
    words: ({ minAvailable }) => `let the budget keep ${minAvailable} available`,
    doing: ({ intent }) => `applying PodDisruptionBudget ${intent.name}`,
  }),
  create: intentStep({
    words: ({ zone, to }) => `start ${to} in ${showZone(zone)}`,
    doing: ({ zone }, name) => `starting ${name} in ${showZone(zone)}`,
    event: { reason: 'ZoneStarted', action: 'Create' },
    progress: 'Growing',
  }),
  grow: intentStep({
    words: ({ zone, from, to }) => `grow ${showZone(zone)} from ${from} to ${to}`,
    doing: ({ zone, from, to }, name) => `growing ${name} in ${showZone(zone)} from ${from} to ${to}`,
    event: { reason: 'ZoneGrown', action: 'Grow' },
    progress: 'Growing',
  }),
  mend: intentStep({
    words: ({ intent }) => `mend Deployment ${intent.name}`,
    doing: ({ zone }, name) => `mending ${name} in ${showZone(zone)}`,
  }),
  evenOut: intentStep({
    words: ({ zone, from, to }) => `even out ${showZone(zone)} from ${from} to ${to}`,
    doing: ({ zone }, name) => `evening out ${name} in ${showZone(zone)}`,
    event: { reason: 'ZoneEvenedOut', action: 'EvenOut' },
    progress: 'EveningOut',
  }),
  rollOut: intentStep({
    words: ({ zone }) => `roll out to ${showZone(zone)}`,
    doing: ({ zone }, name) => `rolling ${name} out to ${showZone(zone)}`,
    event: { reason: 'ZoneRolledOut', action: 'RollOut' },
    progress: 'RollingOut',
  }),
  makeRoom: intentStep({
    words: ({ zone }) => `let an old pod go first in ${showZone(zone)}`,
    doing: ({ zone }, name) => `making room for ${name} in ${showZone(zone)}`,
    isSame: (fresh, step) => fresh.zone === step.zone,
    event: { reason: 'MakingRoom', action: 'MakeRoom' },
    progress: 'RollingOut',
  }),
  // A ReplicaSet that shrinks deletes pods without asking any budget.
  shrink: intentStep({
    words: ({ zone, from, to }) => `shrink ${showZone(zone)} from ${from} to ${to}`,
    doing: ({ zone, from, to }, name) => `shrinking ${name} in ${showZone(zone)} from ${from} to ${to}`,
    isSame: isSameShrink,
    event: { reason: 'ZoneShrunk', action: 'Shrink' },
    progress: 'Shrinking',
  }),
  // A rollback marks the template as bad, and it is not tried again.
  rollBack: {
    words: ({ zone }) => `roll back ${showZone(zone)}`,
    doing: ({ zone }, name) => `rolling ${name} back in ${showZone(zone)}`,
    send: (writing, step, { doing }) => sendRollBack(writing, step, doing),
    isSame: (fresh, step) => fresh.zone === step.zone && fresh.good.hash === step.good.hash,
    event: { reason: 'ZoneRolledBack', action: 'RollBack' },
    progress: 'RollingBack',
  },
  mark: costStep(LOWEST_DELETION_COST, {
    words: ({ pods }) => `mark ${pods.map(({ name }) => name).join(', ')}`,
    doing: ({ zone }, name) => `marking pods of ${name} in ${showZone(zone)}`,
    event: { reason: 'HandingOver', action: 'HandOver' },
    progress: 'HandingOver',
  }),
  unmark: costStep(null, {
    words: ({ pods }) => `unmark ${pods.map(({ name }) => name).join(', ')}`,
    doing: ({ zone }, name) => `unmarking pods of ${name} in ${showZone(zone)}`,
  }),
  tellToTry: {
    words: ({ zone }) => `tell the ReplicaSet in ${showZone(zone)} to try again`,
    doing: ({ zone }, name) => `telling the ReplicaSet of ${name} in ${showZone(zone)} to try again`,
    send: (writing, { name, uid, times }, { namespace, doing }) =>
      tellToTry(writing, { namespace, name, uid, times, doing }),
  },
  dropSelector: {
    words: ({ name }) => `take the selector off Service ${name}`,
    doing: ({ name }) => `taking the selector off Service ${name}`,
    send: (writing, { name, uid, resourceVersion }, { namespace, doing }) =>
      patchFigures(writing, {
        at: { resource: services, namespace, name },
        uid,
        resourceVersion,
        figures: { selector: null },
        doing,
      }),
  },
  pruneService: removal(services, {}),
  prune: removal(deployments, {
    isSame: (fresh, step) => fresh.zone === step.zone && fresh.uid === step.uid,
    event: { reason: 'ZonePruned', action: 'Prune' },
    progress: 'Pruning',
  }),
};

/** A step of a station's plan in a few words: `grow zone-a from 2 to 3`. */
export function wordsOf(step: Step): string {
  return rowOf(stationSteps, step).words(step);
}

/**
 * The first step that fails ends the pass. A refused step does not end it: the refusal may last for hours, and other
 * zones must still grow.
 */
export const stationRules: StepRules<Step, Plan> = {
  rows: stationSteps,
  trialOf,
  changedIn: changedInAnswer,
  holdsUp: ({ outcome }) => outcome !== 'done' && outcome !== 'refused',
};

/** A step that applies an intent. */
function intentStep<S extends { readonly intent: Intent }>(told: Omit<StepRow<S>, 'send'>): StepRow<S> {
  return { ...told, send: (writing, { intent }, { doing }) => sendIntent(writing, intent, doing) };
}

async function sendIntent(writing: Writing, intent: Intent, doing: string): Promise<KubeObject> {
  const at = { resource: intent.resource, namespace: intent.namespace, name: intent.name };
  if (intent.newFor !== undefined) await refuseStrangers(writing.client, at, intent.newFor);
  const { figures, onlyFigures, resourceVersion } = intent;
  if (figures !== undefined && onlyFigures === true) {
    const { uid } = intent.body['metadata'] as { readonly uid: string };
    return patchFigures(writing, { at, uid, resourceVersion, figures, doing });
  }
  return applyIntent(writing, { at, body: intent.body as unknown as KubeObject, doing });
}

/** A step that sets the deletion cost of pods; `null` takes it off. */
function costStep(cost: string | null, told: Omit<StepRow<Marking>, 'send'>): StepRow<Marking> {
  return { ...told, send: (writing, { pods }, sending) => setCosts(writing, pods, { ...sending, cost }) };
}

/** Skips a pod that is gone: it needs no mark, and the others still get theirs. */
async function setCosts(
  writing: Writing,
  pods: Marking['pods'],
  how: Sending & { readonly cost: string | null },
): Promise<KubeObject | undefined> {
  let last: KubeObject | undefined;
  for (const pod of pods) {
    try {
      last = await setDeletionCost(writing, { ...how, ...pod });
    } catch (error) {
      if (!isCode(error, 'notFound')) throw error;
    }
  }
  return last;
}

/** A step that deletes a child. */
function removal<S extends Removal>(
  resource: Resource,
  told: Pick<StepRow<S>, 'isSame' | 'event' | 'progress'>,
): StepRow<S> {
  return {
    ...told,
    words: ({ name }) => `take away ${resource.kind} ${name}`,
    doing: ({ name }) => `deleting ${resource.kind} ${name}`,
    send: async (writing, { name, uid, resourceVersion }, { namespace, doing }) => {
      await removeAsSeen(writing, { resource, namespace, name }, { uid, resourceVersion, doing });
      return undefined;
    },
  };
}

function isSameShrink(fresh: Shrink, step: Shrink): boolean {
  const [some, others] = [new Set(fresh.victims), new Set(step.victims)];
  const isSameSet = some.size === others.size && step.victims.every((uid) => some.has(uid));
  return fresh.zone === step.zone && fresh.from === step.from && fresh.to === step.to && isSameSet;
}

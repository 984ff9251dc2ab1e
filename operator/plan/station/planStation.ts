/*
 * Plan station: decides in one pass over a station what to do now and what to wait for.
 *
 * Lead (the Services), Protect (the budget) and Grow act in every pass, in this order. Of the other rules, the first that has something to
 * do acts: roll back, hand over, bring home, shrink, even out, make room, roll out, prune. Whatever the rules say,
 * growth stays within its bound (growthBound.ts).
 *
 * Hard part: nothing is remembered between passes. The next step follows from what is observed.
 *
 * Example: a node dies while a new template waits. Protect raises the budget and Grow makes a new pod. When that is
 * Ready, hand over has something to do, and only when it is done does roll out get its turn.
 */
import type { Picture } from './picture.ts';
import type { Plan, Step, Wait } from '../../model/plan.ts';
import type { LadderRule, Tried } from './attempt.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { isSure } from '../../model/pod.ts';
import type { PodView } from '../../model/pod.ts';
import { isLeft } from '../../model/shift.ts';
import type { ShiftPlan } from '../../model/shift.ts';
import type { ZoneName } from '../../api/zone.ts';
import { tryEvenOut } from './rules/evenOut.ts';
import { namespaceTerminating, waitsForDeletion } from './rules/deleting.ts';
import { growSteps } from './rules/grow.ts';
import { boundGrowth } from './rules/growthBound.ts';
import { isStep } from './attempt.ts';
import { markLeavingSteps, tryHandOver } from './rules/handOver.ts';
import { minAvailableFor, protectStep } from './rules/protect.ts';
import { shiftPlans, waitsToLeave } from './rules/leave.ts';
import { leadSteps } from './rules/lead.ts';
import { pictureOf } from './picture.ts';
import { problemsOf } from './problems/problems.ts';
import { survivalOf } from './survival.ts';
import { tryBringHome } from './rules/bringHome.ts';
import { tryMakeRoom } from './rules/makeRoom.ts';
import { tryPrune } from './rules/prune.ts';
import { tryRollBack } from './rules/rollBack.ts';
import { outdatedZones, tryRollOut } from './rules/rollOut.ts';
import { tryAgainSteps, waitsToTry } from './rules/tellToTry.ts';
import { tryShrink } from './rules/shrink.ts';
import { unmarkSteps } from './rules/unmark.ts';
import { waitsForPods } from './rules/waits.ts';

const ladder: readonly LadderRule[] = [
  tryRollBack,
  tryHandOver,
  tryBringHome,
  tryShrink,
  tryEvenOut,
  tryMakeRoom,
  tryRollOut,
  tryPrune,
];

/** What to do now for one station, what is waited for, and why. */
export function planStation(snapshot: Snapshot): Plan {
  const picture = pictureOf(snapshot);
  if (snapshot.namespaceTerminating === true) return planToEnd(picture);
  const { attempt, waits } = firstThatYields(picture);
  const minAvailable = minAvailableFor(picture, attempt);
  const protect = protectStep(picture, minAvailable);
  const shifts = shiftPlans(picture, minAvailable);
  const next = attempt?.next(minAvailable);
  const bounded = boundGrowth(picture, [
    ...leadSteps(snapshot),
    ...stepIn(protect),
    ...withoutClash(growSteps(picture), [
      ...markLeavingSteps(picture, attempt?.reserved ?? []),
      ...unmarkSteps(picture, attempt?.reserved ?? []),
      ...stepIn(next),
    ]),
  ]);
  const steps = [...bounded.steps, ...tryAgainSteps(picture).filter((step) => !isWritten(step, bounded.steps))];
  return {
    target: picture.target,
    zoneTargets: new Map(picture.zones.map((zone) => [zone.name, zone.wanted])),
    steps,
    waits: [
      ...waits,
      ...waitIn(next),
      ...waitIn(protect),
      ...waitsForDeletion(picture),
      ...waitsForPods(picture),
      ...waitsToLeave(picture, shifts),
      ...waitsToTry(picture),
    ],
    problems: [...problemsOf(picture), ...bounded.problems],
    survival: survivalNow(picture, shifts),
    shifts,
    outdated: outdatedZones(picture).map((zone) => zone.name),
  };
}

/** The namespace is being deleted: what is there ends without us. */
function planToEnd(picture: Picture): Plan {
  return {
    target: picture.target,
    zoneTargets: new Map(picture.zones.map((zone) => [zone.name, zone.wanted])),
    steps: [],
    waits: [],
    problems: [namespaceTerminating(picture.snapshot)],
    survival: survivalNow(picture, []),
    shifts: [],
    outdated: [],
  };
}

/**
 * Each Deployment is written once in a pass, since each write holds only for the version on which it was decided.
 * Growing comes first.
 */
function withoutClash(grown: readonly Step[], others: readonly Step[]): readonly Step[] {
  const zoneOf = (step: Step): string | undefined => ('intent' in step && 'zone' in step ? step.zone : undefined);
  const growing = new Set(grown.filter(({ kind }) => kind !== 'mend').map(zoneOf));
  const left = others.filter((step) => zoneOf(step) === undefined || !growing.has(zoneOf(step)));
  const written = new Set(left.map(zoneOf));
  return [...grown.filter((step) => step.kind !== 'mend' || !written.has(step.zone)), ...left];
}

/** Whether the step's Deployment is written anyway: that makes its ReplicaSet try at once as well. */
function isWritten(told: Step, writes: readonly Step[]): boolean {
  return 'zone' in told && writes.some((step) => 'intent' in step && 'zone' in step && step.zone === told.zone);
}

function firstThatYields(picture: Picture): Tried {
  const waits: Wait[] = [];
  for (const rule of ladder) {
    const tried = rule(picture);
    waits.push(...tried.waits);
    if (tried.attempt !== undefined) return { attempt: tried.attempt, waits };
  }
  return { attempt: undefined, waits };
}

function survivalNow({ snapshot, zones, demand }: Picture, shifts: readonly ShiftPlan[]): Plan['survival'] {
  // Pods of a zone that requests have not left yet serve.
  const serves = ({ state, node }: PodView, zone: ZoneName): boolean =>
    isSure({ state }) || (state === 'shifted' && node?.state === 'healthy' && !isLeft(node.zone ?? zone, shifts));
  const sure = zones.flatMap((zone) =>
    zone.alive
      .filter((pod) => serves(pod, zone.name))
      .map((pod) => ({ zone: pod.node?.zone ?? zone.name, node: pod.node?.name ?? '' })),
  );
  const lostZones = zones
    .filter(({ view, alive }) => view.declared && view.state === 'lost' && !alive.some(isSure))
    .map((zone) => zone.name);
  const shiftedZones = zones.filter(({ view }) => view.declared && view.state === 'shifted').map(({ name }) => name);
  return survivalOf(sure, demand, { survive: snapshot.station.spec.survive, lostZones, shiftedZones });
}

function stepIn(next: Step | Wait | undefined): readonly Step[] {
  return next !== undefined && isStep(next) ? [next] : [];
}

function waitIn(next: Step | Wait | undefined): readonly Wait[] {
  return next === undefined || isStep(next) ? [] : [next];
}

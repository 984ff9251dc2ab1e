/*
 * Growth bound: cuts every write that grows a station down to the number of pods that shares and losses explain.
 *
 *   pods told in all ≤ Σ_z max(r_z, S_z + gone_z) + Σ_dying max(r_z, S_z)
 *
 *   r_z     what zone z is told now. No growth takes that back, for example a surplus that the guard has yet to let go.
 *           Where nothing is planned (a zone that is left as it is, or no longer declared) it is r_z and no more.
 *   S_z     its share by the solver, or its share as if no zone were full, if that is more.
 *   gone_z  pods that were there when their node was lost, fell silent or began to leave; at most as many that came to
 *           a silent node later, since the scheduler hears late (owed.ts); and misplaced pods.
 *
 * The last sum is what other zones may make a second time, of the share of a zone that is failing or may be dying
 * (shares.ts).
 *
 * The bound cuts nothing unless a rule is broken:
 *
 * - Grow tells a zone max(r_z, R_z + owed_z + misplaced_z), and owed_z + misplaced_z ≤ gone_z.
 * - R_z is more than S_z in two cases. A full zone keeps what it was told without the owed, which does not grow it
 *   beyond r_z. An open zone gets what zones miss that may die, of each at most its R_z ≤ max(r_z, S_z).
 * - Even out adds one pod to a zone that has at most one too many. It alone may pass the sum by one, and its zone by
 *   two.
 *
 * Hard part: a rule that feeds on its own pods must stop. These came after their node was gone, so gone_z does not
 * count them. Each write adds only to r_z, until the sum is reached. The surge of a rollout is no part of r_z, so
 * nothing is allowed for it.
 *
 * Example: zone-a has 3 pods and loses one node with one of them, so 4 are explained. A broken rule asks for 151. The
 * Deployment is told 4, and `GrowthBounded` names the rule.
 */
import { deploymentIntent } from '../../children/deployment.ts';
import { isMisplaced } from './misplaced.ts';
import { mayDie } from '../shares.ts';
import { onlyIf } from '../../children/intent.ts';
import type { Picture, ZonePicture } from '../picture.ts';
import type { DeploymentStep, Problem, Step } from '../../../model/plan.ts';
import type { PodView } from '../../../model/pod.ts';
import { count } from '../../../model/words.ts';
import { showZone } from '../../../api/zone.ts';

type Growth = DeploymentStep & { readonly kind: 'create' | 'grow' | 'evenOut' };

/** The steps that may be done, and a problem for each that asked for too much. */
export interface Bounded {
  readonly steps: readonly Step[];
  readonly problems: readonly Problem[];
}

/** Cuts the growth of each step to what the bound allows, and drops a step that would not grow any more. */
export function boundGrowth(picture: Picture, steps: readonly Step[]): Bounded {
  const told = new Map(picture.zones.map((zone) => [zone.name, zone.replicas]));
  const problems: Problem[] = [];
  const kept = steps.flatMap((step): readonly Step[] => {
    if (!isGrowth(step)) return [step];
    const others = [...told].reduce((sum, [name, pods]) => sum + (name === step.zone ? 0 : pods), 0);
    const most = mostTold(picture) - others;
    const to = Math.max(step.from, Math.min(step.to, step.kind === 'evenOut' ? mostEvened(picture, step, most) : most));
    told.set(step.zone, to);
    if (to === step.to) return [step];
    problems.push(tooMuch(step, to));
    return to === step.from && step.kind !== 'create' ? [] : [cutTo(picture, step, to)];
  });
  return { steps: kept, problems };
}

/** The most pods that all zones together may be told to have. */
export function mostTold(picture: Picture): number {
  const perZone = picture.zones.map((zone) => {
    const share = shareOf(picture, zone);
    return share === undefined ? zone.replicas : Math.max(zone.replicas, share + goneIn(zone));
  });
  return perZone.reduce((sum, pods) => sum + pods, madeTwice(picture));
}

/** Evening out adds one pod, to a zone that has at most one too many. */
function mostEvened(picture: Picture, { zone: name }: Growth, most: number): number {
  const own = picture.zones.filter((zone) => zone.name === name);
  const explained = own.reduce((sum, zone) => sum + (shareOf(picture, zone) ?? 0) + goneIn(zone), 0);
  return Math.min(most + 1, explained + madeTwice(picture) + 2);
}

/** How many pods of zones that may die other zones may make while those are still told to have them. */
function madeTwice(picture: Picture): number {
  const dying = picture.zones.filter(({ view }) => mayDie(view));
  return dying.reduce((sum, zone) => sum + Math.max(zone.replicas, shareOf(picture, zone) ?? 0), 0);
}

function isGrowth(step: Step): step is Growth {
  return (step.kind === 'create' || step.kind === 'grow' || step.kind === 'evenOut') && step.to > step.from;
}

/** S_z; undefined where nothing is planned. */
function shareOf({ solution, uncapped }: Picture, { name }: ZonePicture): number | undefined {
  const share = solution.perZone.get(name);
  return share === undefined ? undefined : Math.max(share, uncapped.perZone.get(name) ?? 0);
}

function goneIn({ alive }: ZonePicture): number {
  const silent = alive.filter(isSilent);
  const there = silent.filter(({ node }) => node?.lostWithIt === true).length;
  const others = alive.filter(
    (pod) => !isSilent(pod) && (pod.node?.lostWithIt === true || pod.node?.leavesWithIt === true || isMisplaced(pod)),
  );
  return there + Math.min(there, silent.length - there) + others.length;
}

function isSilent({ node }: PodView): boolean {
  return node?.state === 'lost' || node?.state === 'suspect';
}

function cutTo({ snapshot, zones }: Picture, step: Growth, replicas: number): Step {
  const zone = zones.find(({ name }) => name === step.zone);
  if (zone === undefined) return step;
  const intent = deploymentIntent(snapshot, zone.view, { replicas, template: 'asItRuns' });
  const { resourceVersion } = step.intent;
  return { ...step, to: replicas, intent: resourceVersion === undefined ? intent : onlyIf(resourceVersion, intent) };
}

const ruleOf = { create: 'Grow', grow: 'Grow', evenOut: 'Even out' } as const;

function tooMuch({ kind, zone, to, why }: Growth, heldTo: number): Problem {
  const message = `${ruleOf[kind]} asked for ${count(to, 'pod')} in ${showZone(zone)} (${why}) and is held to ${heldTo}: shares, losses and leaving nodes explain no more; please report this as a fault of the operator`;
  return { kind: 'GrowthBounded', message, reason: 'MoreThanExplained' };
}

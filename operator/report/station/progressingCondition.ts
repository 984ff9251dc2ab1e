import type { StatedCondition } from '../../api/conditions.ts';
import { showZone } from '../../api/zone.ts';
import { isOut } from '../../model/zone.ts';
import type { ZoneView } from '../../model/zone.ts';
import { alivePods } from '../../model/pod.ts';
import type { PodView } from '../../model/pod.ts';
import { isRolling } from '../../model/rolling.ts';
import type { DeploymentView } from '../../model/child.ts';
import type { Step } from '../../model/plan.ts';
import { rowOf } from '../../apply/step.ts';
import { stationSteps, wordsOf } from '../../apply/station/steps.ts';
import { wentBack } from '../../plan/station/rules/failedRollout.ts';
import { ours } from '../../plan/station/picture.ts';
import { problemsIn, reasonIn } from './facts.ts';
import type { StationFacts } from './facts.ts';

type Progressing = Extract<StatedCondition, { readonly type: 'Progressing' }>;

const settled: Progressing = {
  type: 'Progressing',
  status: 'False',
  reason: 'Settled',
  message: 'nothing is under way',
};

/**
 * Whether work is under way, such as growing or a rollout. The steps that were just decided show it, or the pods do.
 */
export function progressingCondition(facts: StationFacts): Progressing {
  const { snapshot, plan, results } = facts;
  const { zones } = snapshot;
  if (snapshot.station.spec.paused) return paused(plan.steps);
  if (snapshot.namespaceTerminating === true) return settled;
  const back = goingBack(facts);
  if (back.length > 0) return yes('RollingBack', `${names(back)} goes back to the template before`);
  const rolling = rollingNow(zones);
  if (rolling !== undefined) return yes('RollingOut', rolling);
  const refused = new Set(results.filter(({ outcome }) => outcome === 'refused').map(({ step: tried }) => tried));
  const reasonOf = (step: Step): Progressing['reason'] | undefined => rowOf(stationSteps, step).progress;
  const step = plan.steps.findLast((each) => reasonOf(each) !== undefined && !refused.has(each));
  const reason = step && reasonOf(step);
  if (step !== undefined && reason !== undefined) return yes(reason, wordsOf(step));
  const handing = zones.filter((zone) => alivePods(zone.pods).some((pod) => pod.marked));
  if (handing.length > 0) return yes('HandingOver', `pods are being handed over in ${names(handing)}`);
  const starting = zones.filter((zone) => startingIn(zone) > 0);
  if (starting.length > 0) return yes('Starting', `pods are starting in ${names(starting)}`);
  const ahead = rolloutAhead(facts);
  if (ahead !== undefined) return yes('RollingOut', ahead);
  return settled;
}

/** What a rollout still has to do, even when other steps come first. Undefined when it is complete. */
export function rolloutLeft(facts: StationFacts): string | undefined {
  return rollingNow(facts.snapshot.zones) ?? rolloutAhead(facts);
}

/** Zones whose rollout failed and that return to the template before, or are about to. */
function goingBack({ snapshot, plan }: StationFacts): readonly ZoneView[] {
  const decided = new Set(plan.steps.flatMap((step) => (step.kind === 'rollBack' ? [step.zone] : [])));
  return snapshot.zones
    .filter(getsTemplate)
    .filter((zone) => decided.has(zone.name) || wentBack(snapshot, ours(zone.deployment)));
}

function rollingNow(zones: readonly ZoneView[]): string | undefined {
  const rolling = zones.filter(getsTemplate);
  return rolling.length === 0 ? undefined : `the new template goes to ${names(rolling)}`;
}

function rolloutAhead(facts: StationFacts): string | undefined {
  const { outdated } = facts.plan;
  const hasFailed = problemsIn(facts.plan, ['RolloutFailed']) !== undefined;
  if (outdated.length === 0 || hasFailed || isRolloutRefused(facts)) return undefined;
  return `the new template has yet to go to ${outdated.map(showZone).join(', ')}`;
}

function isRolloutRefused({ snapshot, plan, results }: StationFacts): boolean {
  if (reasonIn(plan, 'PortsNotServed') === 'HoldsRollout') return true;
  const refused = results.some(({ step, outcome }) => step.kind === 'rollOut' && outcome === 'refused');
  return refused || snapshot.templateRefused !== undefined;
}

function paused(steps: readonly Step[]): Progressing {
  const [first] = steps;
  const would = first === undefined ? 'there is nothing to do' : `it would ${wordsOf(first)}`;
  return { type: 'Progressing', status: 'False', reason: 'Paused', message: `paused: ${would}` };
}

function yes(reason: Progressing['reason'], message: string): Progressing {
  return { type: 'Progressing', status: 'True', reason, message };
}

function names(zones: readonly ZoneView[]): string {
  return zones.map((zone) => showZone(zone.name)).join(', ');
}

/** Whether the zone gets pods of a new template, now or soon. One that is lost or shifted is not waited for. */
function getsTemplate({ deployment, state, pods }: ZoneView): boolean {
  if (deployment.state !== 'ours' || isOut({ state })) return false;
  const alive = alivePods(pods);
  return isRolling(deployment, alive) || isToldOnly(deployment, alive);
}

/**
 * Its template was changed, and its controller has not seen the change yet: it still runs only pods of the template
 * before.
 */
function isToldOnly(deployment: DeploymentView, alive: readonly PodView[]): boolean {
  const { good, templateHash, generation, observedGeneration } = deployment;
  if (good === undefined || good.hash === templateHash || observedGeneration >= generation) return false;
  return alive.some((pod) => pod.replicaSet === good.replicaSet);
}

/** How many pods are starting: not made yet, or not Ready yet and on a node where they can become Ready. */
function startingIn({ deployment, pods }: ZoneView): number {
  const alive = alivePods(pods);
  const missing =
    deployment.state === 'ours' && deployment.replicaFailure === undefined ? deployment.replicas - alive.length : 0;
  return Math.max(0, missing) + alive.filter(isStarting).length;
}

function isStarting(pod: PodView): boolean {
  if (pod.state !== 'starting' || pod.unschedulable !== undefined) return false;
  return pod.node === undefined || pod.node.state === 'healthy' || pod.node.state === 'leaving';
}

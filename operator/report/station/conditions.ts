import { adviceConditionTypes } from '../../api/conditions.ts';
import type { AdviceConditionType, ConditionReason, StatedCondition } from '../../api/conditions.ts';
import { isBehindService } from '../../plan/children/servicePorts.ts';
import { behindHubCondition } from './behindHubCondition.ts';
import { progressingCondition } from './progressingCondition.ts';
import { readyCondition } from './readyCondition.ts';
import { servingPods } from '../../model/pod.ts';
import { isLeft } from '../../model/shift.ts';
import { podsOf } from '../../model/snapshot.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { scaledByCondition } from './scaledByCondition.ts';
import { scalingCondition } from './scalingCondition.ts';
import { problemsIn, reasonIn } from './facts.ts';
import type { StationFacts } from './facts.ts';
import { shiftedCondition } from './shiftedCondition.ts';
import { survivableCondition } from './survivableCondition.ts';

/**
 * The four conditions that every station has, then the conditions that give advice, each only while its problem lasts.
 */
export function stationConditions(facts: StationFacts): readonly StatedCondition[] {
  const available = availableCondition(facts);
  const progressing = progressingCondition(facts);
  const survivable = survivableCondition(facts, progressing.status === 'True');
  const advised = advice(facts);
  const ready = readyCondition(facts, [available, survivable, progressing, ...advised]);
  const others = [
    scaledByCondition(facts),
    scalingCondition(facts),
    behindHubCondition(facts),
    shiftedCondition(facts),
  ].filter((each) => each !== undefined);
  return [ready, available, survivable, progressing, ...others, ...advised];
}

function availableCondition({ snapshot, plan }: StationFacts): StatedCondition {
  const demand = snapshot.station.spec.replicas;
  const zones = snapshot.zones.filter(({ name }) => !isLeft(name, plan.shifts));
  const serving = servingPods(podsOf({ zones }));
  const ready = serving.length;
  const reached = isBehindService(snapshot) ? serving.filter(({ servedMs }) => servedMs !== undefined).length : ready;
  const unreached = reached < ready && reached < demand ? `, ${reached} reached by the Service` : '';
  const message = `${ready} ready${unreached}, demand is ${demand}`;
  if (reached >= demand) return { type: 'Available', status: 'True', reason: 'DemandServed', message };
  const stuck = notStarting(snapshot);
  return {
    type: 'Available',
    status: 'False',
    reason: 'BelowDemand',
    message: stuck === undefined ? message : `${message}; ${stuck}`,
  };
}

/** How many pods do not start, and why the first does not, in the kubelet's words. */
function notStarting(snapshot: Snapshot): string | undefined {
  const stuck = podsOf(snapshot).flatMap((pod) => (pod.state === 'starting' && pod.stuck ? [pod.stuck] : []));
  const [first] = stuck;
  if (first === undefined) return undefined;
  return `${stuck.length} of its pods ${stuck.length === 1 ? 'does' : 'do'} not start: ${first.reason}: ${first.message}`;
}

/** For each condition the reason that it has when its problem gives none. */
const usualReasons: { readonly [Type in AdviceConditionType]: ConditionReason<Type> } = {
  ZoneMissing: 'NoNode',
  DrainNeedsOperator: 'NothingSpare',
  ForeignBudget: 'TwoBudgets',
  ForeignPods: 'NotOurs',
  DemandContested: 'ReplicasAndAutoscaler',
  Contested: 'OtherManager',
  NoRoom: 'Unschedulable',
  NodesUneven: 'NotEvened',
  LeavingNodeTakesPods: 'StillSchedulable',
  NodeSilent: 'CalledReady',
  GrowthBounded: 'MoreThanExplained',
  ChildDeleting: 'WaitsForDeletion',
  PortsNotServed: 'AwaitsRollout',
  TemplateAdjusted: 'MinDomainsDropped',
  ZoneStuck: 'NotReady',
  RolloutFailed: 'NotStarting',
  HubMissing: 'NotListed',
  HubNotLocal: 'OtherNode',
  HubConflict: 'Protocol',
  HubRefused: 'Invalid',
  ShiftNotFollowed: 'NowhereElse',
};

/** One condition for each kind of problem. Its message holds all problems of that kind. */
function advice(facts: StationFacts): readonly StatedCondition[] {
  return adviceConditionTypes.flatMap((type) => {
    const message = problemsIn(facts.plan, [type]);
    if (message === undefined) return [];
    const reason = reasonIn(facts.plan, type) ?? usualReasons[type];
    const condition = { type, status: 'True', reason, message } as StatedCondition;
    return [type === 'RolloutFailed' ? withRefusal(facts, condition) : condition];
  });
}

/** Adds why the API server has just refused to roll a zone back. From the next pass on, the plan says so. */
function withRefusal({ results }: StationFacts, failed: StatedCondition): StatedCondition {
  const refused = results.find(({ step, outcome }) => step.kind === 'rollBack' && outcome === 'refused');
  if (refused?.outcome !== 'refused') return failed;
  return { ...failed, message: `${failed.message}; ${refused.message}` };
}

import type { StatedCondition } from '../api/conditions.ts';
import { progressingCondition } from './progressingCondition.ts';
import { readyCondition } from './readyCondition.ts';
import type { Snapshot } from '../observe/snapshot.ts';
import type { Plan, Problem } from '../plan/plan.ts';
import { podsOf, problemsIn, readyPods, reasonIn } from './stationFacts.ts';
import type { StationFacts } from './stationFacts.ts';
import { survivableCondition } from './survivableCondition.ts';

/** The four that every station has, then advice, only while there is something to say. */
export function stationConditions(facts: StationFacts): readonly StatedCondition[] {
  const available = availableCondition(facts);
  const progressing = progressingCondition(facts);
  const survivable = survivableCondition(facts, progressing.status === 'True');
  const advised = advice(facts);
  const ready = readyCondition(facts, [available, survivable, progressing, ...advised]);
  return [ready, available, survivable, progressing, ...advised];
}

function availableCondition({ snapshot }: StationFacts): StatedCondition {
  const demand = snapshot.station.spec.replicas;
  const ready = readyPods(podsOf(snapshot));
  const message = `${ready} ready, demand is ${demand}`;
  if (ready >= demand) return { type: 'Available', status: 'True', reason: 'DemandServed', message };
  const stuck = notStarting(snapshot);
  return {
    type: 'Available',
    status: 'False',
    reason: 'BelowDemand',
    message: stuck === undefined ? message : `${message}; ${stuck}`,
  };
}

/** Pods whose containers do not start, in the kubelet's words. */
function notStarting(snapshot: Snapshot): string | undefined {
  const stuck = podsOf(snapshot).flatMap((pod) => (pod.state === 'starting' && pod.stuck ? [pod.stuck] : []));
  const [first] = stuck;
  if (first === undefined) return undefined;
  return `${stuck.length} of its pods ${stuck.length === 1 ? 'does' : 'do'} not start: ${first.reason}: ${first.message}`;
}

function advice(facts: StationFacts): readonly StatedCondition[] {
  const { plan } = facts;
  const noRoom = noRoomReasons.find((reason) => reason === reasonIn(plan, 'NoRoom')) ?? 'Unschedulable';
  const late = reasonIn(plan, 'RolloutFailed') === 'DeadlineExceeded';
  const said = [
    advise(plan, 'ZoneMissing', 'NoNode'),
    advise(plan, 'DrainNeedsOperator', 'NothingSpare'),
    advise(plan, 'ForeignBudget', 'TwoBudgets'),
    advise(plan, 'NoRoom', noRoom),
    advise(plan, 'NodesUneven', 'NotEvened'),
    withRefusal(facts, advise(plan, 'RolloutFailed', late ? 'DeadlineExceeded' : 'NotStarting')),
  ];
  return said.filter((condition) => condition !== undefined);
}

const noRoomReasons = ['Unschedulable', 'NotMade', 'NeverReady'] as const;

type Advice = Extract<Problem['kind'], StatedCondition['type']>;

/** The condition of a kind of problem, all of them in one message; undefined while there is none. */
function advise<Type extends Advice>(
  plan: Plan,
  type: Type,
  reason: Extract<StatedCondition, { readonly type: Type }>['reason'],
): StatedCondition | undefined {
  const message = problemsIn(plan, [type]);
  return message === undefined ? undefined : ({ type, status: 'True', reason, message } as StatedCondition);
}

/** What has just kept a zone from going back; from the next look on the plan knows it. */
function withRefusal({ results }: StationFacts, failed: StatedCondition | undefined): StatedCondition | undefined {
  const refused = results.find(({ step, outcome }) => step.kind === 'rollBack' && outcome === 'refused');
  if (failed === undefined || refused?.outcome !== 'refused') return failed;
  return { ...failed, message: `${failed.message}; ${refused.message}` };
}

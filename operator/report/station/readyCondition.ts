import type { StatedCondition } from '../../api/conditions.ts';
import type { RefusalReason } from '../../apply/refusals.ts';
import { rolloutLeft } from './progressingCondition.ts';
import { failureIn, problemsIn, reasonIn } from './facts.ts';
import type { StationFacts } from './facts.ts';

type Ready = Extract<StatedCondition, { readonly type: 'Ready' }>;

const cures: Readonly<Record<RefusalReason, string>> = {
  Refused: 'it is tried again when the Kitchen changes, or within 5 min',
  NotPermitted: "give the operator's role this verb on this resource",
  Contested: 'change that admission rule, or let it skip the objects of Kitchens; it is tried again within 1 min',
  TooManyWrites:
    'find out who changes it back (kubectl get --show-managed-fields) and stop that; the condition Contested names who did it',
  NameTaken: 'rename the station or the Kitchen, or remove that object, which is noticed within 5 min',
  NamespaceTerminating: 'make the Kitchen in another namespace',
};

/** `Ready` sums up the other conditions: it names the first thing that is wrong, or is `True`. */
export function readyCondition(facts: StationFacts, others: readonly StatedCondition[]): Ready {
  return (
    blocked(facts) ??
    unmet(others, 'Available', 'NotAvailable') ??
    rolloutFailed(others) ??
    unservedPorts(others) ??
    unmet(others, 'Survivable', 'NotSurvivable') ??
    rollingOut(facts) ??
    fine(facts)
  );
}

/** What keeps the operator from writing, and the cure. */
function blocked({ plan, results }: StationFacts): Ready | undefined {
  if (reasonIn(plan, 'ChildDeleting') === 'NamespaceTerminating') {
    return no('NamespaceTerminating', problemsIn(plan, ['ChildDeleting']) ?? '');
  }
  const taken = problemsIn(plan, ['NameTaken']);
  if (taken !== undefined) return no('NameTaken', taken);
  const tooLong = problemsIn(plan, ['NameTooLong']);
  if (tooLong !== undefined) return no('NameTooLong', tooLong);
  const refused = problemsIn(plan, ['Refused']);
  if (refused !== undefined) return no('Refused', refused);
  // A refused rollback is left to the condition RolloutFailed, which says why the zone cannot go back.
  const failure = failureIn(results.filter(({ step, outcome }) => step.kind !== 'rollBack' || outcome !== 'refused'));
  if (failure?.outcome === 'trouble') return no('Trouble', failure.message);
  if (failure?.outcome !== 'refused') return undefined;
  return no(failure.reason, `${failure.message}; ${cures[failure.reason]}`);
}

function unmet(
  others: readonly StatedCondition[],
  type: StatedCondition['type'],
  reason: Ready['reason'],
): Ready | undefined {
  const found = others.find((condition) => condition.type === type && condition.status === 'False');
  return found === undefined ? undefined : no(reason, found.message);
}

function rolloutFailed(others: readonly StatedCondition[]): Ready | undefined {
  const failed = others.find(({ type }) => type === 'RolloutFailed');
  return failed === undefined ? undefined : no('RolloutFailed', failed.message);
}

/** Ports that the Service does not serve, when waiting does not cure that. */
function unservedPorts(others: readonly StatedCondition[]): Ready | undefined {
  const found = others.find(({ type, reason }) => type === 'PortsNotServed' && reason !== 'AwaitsRollout');
  return found === undefined ? undefined : no('Refused', found.message);
}

function rollingOut(facts: StationFacts): Ready | undefined {
  const left = facts.snapshot.station.spec.paused ? undefined : rolloutLeft(facts);
  return left === undefined ? undefined : no('Progressing', left);
}

function fine({ snapshot, plan }: StationFacts): Ready {
  const { spec } = snapshot.station;
  const held = spec.paused && plan.steps.length > 0;
  const message = `serves its demand of ${spec.replicas}, and survives every declared loss`;
  return { type: 'Ready', status: 'True', reason: held ? 'Paused' : 'AllServed', message };
}

function no(reason: Ready['reason'], message: string): Ready {
  return { type: 'Ready', status: 'False', reason, message };
}

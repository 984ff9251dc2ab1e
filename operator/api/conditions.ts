/** Types of the conditions that every Kitchen and Station has. */
export type SummaryConditionType = 'Ready' | 'Available' | 'Survivable' | 'Progressing';

/** Types of conditions that exist only while they have something to say; `True` asks for attention. */
export const adviceConditionTypes = [
  'ZoneMissing',
  'DrainNeedsOperator',
  'ForeignBudget',
  'ForeignPods',
  'DemandContested',
  'Contested',
  'NoRoom',
  'NodesUneven',
  'LeavingNodeTakesPods',
  'NodeSilent',
  'GrowthBounded',
  'ChildDeleting',
  'PortsNotServed',
  'TemplateAdjusted',
  'ZoneStuck',
  'RolloutFailed',
  'HubMissing',
  'HubNotLocal',
  'HubConflict',
  'HubRefused',
  'ShiftNotFollowed',
] as const;

/** The type of a condition that exists only while it has something to say. */
export type AdviceConditionType = (typeof adviceConditionTypes)[number];

/**
 * The type of any condition of ours. `ScaledBy` exists while an autoscaler sets demand, `Scaling` where a Kitchen asks
 * that demand follow load, `BehindHub` while new connections go through the hubs, and `Shifted` while `spec.shifts` has
 * entries.
 */
export type ConditionType =
  | SummaryConditionType
  | AdviceConditionType
  | 'ScaledBy'
  | 'Scaling'
  | 'BehindHub'
  | 'Shifted';

/** Reasons by type of condition; a closed set, so that alerts and tests can rely on the words. */
interface ConditionReasons {
  readonly Ready:
    | 'AllServed'
    | 'NotAvailable'
    | 'NotSurvivable'
    | 'Progressing'
    | 'Paused'
    | 'NameTaken'
    | 'NameTooLong'
    | 'Refused'
    | 'NotPermitted'
    | 'NamespaceTerminating'
    | 'Contested'
    | 'TooManyWrites'
    | 'Trouble'
    | 'RolloutFailed'
    | 'StationsNotReady';
  readonly Available: 'DemandServed' | 'BelowDemand' | 'Unknown';
  readonly Survivable: 'AsDeclared' | 'Restoring' | 'Cannot' | 'TooFewZones' | 'ZoneMissing' | 'NoRoom' | 'Unknown';
  readonly Progressing:
    | 'Settled'
    | 'Starting'
    | 'Growing'
    | 'HandingOver'
    | 'Shrinking'
    | 'RollingOut'
    | 'RollingBack'
    | 'EveningOut'
    | 'Pruning'
    | 'Paused';
  readonly ScaledBy: 'Autoscaler' | 'ValueTarget';
  /** Whether demand follows load; the words of autoscaling/v2 where it has one. */
  readonly Scaling:
    | 'ValidMetric'
    | 'MetricsMissing'
    | 'MetricsStale'
    | 'InvalidMetric'
    | 'NotPermitted'
    | 'ScaledByAnother';
  readonly BehindHub: 'Serving';
  /** Requests have left the zones, or why not; False also once the shift is over. */
  readonly Shifted: 'Left' | 'MakingCapacity' | 'PlainService' | 'Over';
  readonly ZoneMissing: 'NoNode';
  readonly DrainNeedsOperator: 'NothingSpare';
  readonly ForeignBudget: 'TwoBudgets';
  /** Pods that our selectors catch and that no ReplicaSet of ours made. */
  readonly ForeignPods: 'NotOurs';
  readonly DemandContested: 'ReplicasAndAutoscaler' | 'AutoscalerOnDeployment';
  /** What we write is changed: by admission while it is written, or by another field manager afterwards. */
  readonly Contested: 'Admission' | 'OtherManager';
  readonly NoRoom: 'Unschedulable' | 'NotMade' | 'NeverReady';
  readonly NodesUneven: 'NotEvened';
  /** The scheduler still places pods on a node that is about to go. */
  readonly LeavingNodeTakesPods: 'StillSchedulable';
  /** The node's Lease has not been renewed for long, and Kubernetes never called the node lost. */
  readonly NodeSilent: 'CalledReady';
  /** A rule asked for more pods than losses and surge explain, and was not followed. */
  readonly GrowthBounded: 'MoreThanExplained';
  readonly ChildDeleting: 'WaitsForDeletion' | 'NamespaceTerminating';
  /** The Service still leads to the ports of the pods that serve now, or no pod has what it asks for. */
  readonly PortsNotServed: 'AwaitsRollout' | 'InNoPod' | 'HoldsRollout';
  readonly TemplateAdjusted: 'MinDomainsDropped';
  /** No event will move the zone on: a person must act. */
  readonly ZoneStuck: 'Paused' | 'NotReady' | 'NotMade' | 'Unschedulable';
  /** Hubs are asked for, and none is listed: the Service leads to the pods itself. */
  readonly HubMissing: 'NotListed' | 'Bypassed';
  /** The address of a Service leads to the hubs of other nodes, so a node's death would cost what it costs without. */
  readonly HubNotLocal: 'OtherNode';
  /** Hubs have no way for the station, or something stands in theirs. */
  readonly HubConflict: 'Protocol' | 'NameTaken' | 'NetworkPolicy' | 'ServiceMesh';
  /** Hubs go on with what they had. */
  readonly HubRefused: 'Invalid';
  readonly ShiftNotFollowed: 'NowhereElse' | 'TooLong' | 'UnknownZone';
  readonly RolloutFailed: 'NotStarting' | 'DeadlineExceeded' | 'NotMade' | 'Rejected' | 'Unschedulable';
}

/** A reason that a condition of the given type may have. */
export type ConditionReason<Type extends ConditionType = ConditionType> = ConditionReasons[Type];

type ConditionStatus = 'True' | 'False' | 'Unknown';

/** A condition as Kubernetes writes it (metav1.Condition). */
export interface Condition {
  readonly type: string;
  readonly status: ConditionStatus;
  readonly reason: string;
  readonly message: string;
  /** The `metadata.generation` that the condition is about. */
  readonly observedGeneration?: number | undefined;
  /** When `status` last flipped, RFC 3339 with whole seconds. */
  readonly lastTransitionTime: string;
}

/** A condition as a report states it: the transition time is worked out by `setCondition`. */
export type StatedCondition = {
  readonly [Type in ConditionType]: Omit<Condition, 'type' | 'reason' | 'lastTransitionTime'> & {
    readonly type: Type;
    readonly reason: ConditionReason<Type>;
  };
}[ConditionType];

/** The condition of the given type, if there is one. */
export function findCondition(conditions: readonly Condition[], type: ConditionType): Condition | undefined {
  return conditions.find((condition) => condition.type === type);
}

const advice: ReadonlySet<string> = new Set(adviceConditionTypes);

/** Whether a condition needs no attention. */
export function isGoodNews({ type, status, reason }: Omit<Condition, 'lastTransitionTime'>): boolean {
  if (type === 'ScaledBy') return reason === 'Autoscaler';
  if (type === 'Shifted') return reason === 'Left' || reason === 'Over';
  return (status === 'True') !== advice.has(type);
}

/**
 * Returns the conditions with one of them set to what is stated, at its place or at the end. The transition time moves
 * to `now` (RFC 3339) only when `status` flips. When nothing changed, it returns the very list that was given.
 */
export function setCondition(previous: readonly Condition[], next: StatedCondition, now: string): readonly Condition[] {
  const old = findCondition(previous, next.type);
  if (old === undefined) return [...previous, { ...next, lastTransitionTime: now }];
  if (saysTheSame(old, next)) return previous;
  const lastTransitionTime = old.status === next.status ? old.lastTransitionTime : now;
  return previous.map((condition) => (condition === old ? { ...next, lastTransitionTime } : condition));
}

function saysTheSame(old: Condition, next: StatedCondition): boolean {
  return (
    old.status === next.status &&
    old.reason === next.reason &&
    old.message === next.message &&
    old.observedGeneration === next.observedGeneration
  );
}

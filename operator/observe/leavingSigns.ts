/** What on a node says that it is about to go, where nobody cordons it. */
export interface LeavingSigns {
  /** Keys of taints, whatever their value and effect. */
  readonly taints: ReadonlySet<string>;
  /** Types of conditions, while they are True. */
  readonly conditions: ReadonlySet<string>;
}

/** Cluster Autoscaler's soft `DeletionCandidate…` is none, nor is any other taint that only says what may be. */
const taints = [
  'karpenter.sh/disrupted',
  'karpenter.sh/disruption',
  'ToBeDeletedByClusterAutoscaler',
  'node.kubernetes.io/out-of-service',
  'cloud.google.com/impending-node-termination',
  'aws-node-termination-handler/spot-itn',
  'aws-node-termination-handler/scheduled-maintenance',
  'aws-node-termination-handler/asg-lifecycle-termination',
  'aws-node-termination-handler/rebalance-recommendation',
  'remediator.kubernetes.azure.com/unschedulable',
  'remediator.aks.microsoft.com/unschedulable',
  'medik8s.io/drain',
];

/** By an administrator or `kubectl drain` (KEP-5683), and by the machine controller of Gardener. */
const conditions = [
  'DrainInProgress',
  'Drained',
  'GracefulNodeShutdownInProgress',
  'MaintenanceInProgress',
  'Terminating',
];

/** Those that clouds, autoscalers and maintenance operators are known to use. */
export const usualSigns: LeavingSigns = { taints: new Set(taints), conditions: new Set(conditions) };

/** The usual ones and more. */
export function signsWith(more: {
  readonly taints: readonly string[];
  readonly conditions: readonly string[];
}): LeavingSigns {
  return { taints: new Set([...taints, ...more.taints]), conditions: new Set([...conditions, ...more.conditions]) };
}

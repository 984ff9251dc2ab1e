/** The taints and conditions that announce a node's end where nothing cordons it. */
export interface LeavingSigns {
  /** Keys of taints, whatever their value and effect. */
  readonly taints: ReadonlySet<string>;
  /** Types of conditions; one counts while it is True. */
  readonly conditions: ReadonlySet<string>;
}

/**
 * Only taints of nodes that will go. Cluster Autoscaler's soft `DeletionCandidate…` is left out, like any taint that
 * says only that a node may go.
 */
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

/** Set by an administrator or `kubectl drain` (KEP-5683), and by Gardener's machine controller. */
const conditions = [
  'DrainInProgress',
  'Drained',
  'GracefulNodeShutdownInProgress',
  'MaintenanceInProgress',
  'Terminating',
];

/** The signs that clouds, autoscalers and maintenance operators are known to use. */
export const usualSigns: LeavingSigns = { taints: new Set(taints), conditions: new Set(conditions) };

/** The usual signs and more. */
export function signsWith(more: {
  readonly taints: readonly string[];
  readonly conditions: readonly string[];
}): LeavingSigns {
  return { taints: new Set([...taints, ...more.taints]), conditions: new Set([...conditions, ...more.conditions]) };
}

import type { Moment } from './moment.ts';
import type { NodeObject } from './objects.ts';
import type { NodeState } from './snapshot.ts';

/** A kubelet that restarts says Ready=False for a moment: longer than this, and the node is lost. */
export const NOT_READY_MS = 10_000;

/** Clusters write a node's first Ready condition within this of making the object. */
const REGISTERED_WITHIN_SECONDS = 1;

/** Taints by which something says that it is about to remove the node. Cluster Autoscaler's soft `DeletionCandidate…` is none. */
const leavingTaints = new Set([
  'karpenter.sh/disrupted',
  'karpenter.sh/disruption',
  'ToBeDeletedByClusterAutoscaler',
  'node.kubernetes.io/out-of-service',
]);

/** A node with what the memory knows of it. */
export interface ObservedNode {
  readonly object: NodeObject;
  readonly state: NodeState;
  readonly stateMs: number;
  /** Not in service yet: nothing is planned for it. */
  readonly isNew: boolean;
  /** How long it has been Ready without a break; undefined while it is not. */
  readonly readyMs: number | undefined;
  /** Its state changes after this long if nothing else happens. */
  readonly turnsInMs: number | undefined;
  /** When its Lease was renewed last, in seconds since 1970, while it is suspect. */
  readonly renewedAt: number | undefined;
}

/** Judges a node and tells the memory what is seen of it. */
export function observeNode(object: NodeObject, { memory, nowMs, suspects }: Moment): ObservedNode {
  const condition = `Ready=${object.ready}@${object.readyAt}`;
  const conditionMs = memory.ageMs(object.uid, condition, nowMs) ?? 0;
  const state = stateOf(object, conditionMs, suspects?.has(object.name) === true);
  const fact = state === 'healthy' ? `healthy@${object.readyAt}` : state;
  const ages = memory.observe(object.uid, [condition, fact], nowMs);
  const waitsForLoss = object.ready === 'False' && state !== 'lost';
  return {
    object,
    state,
    stateMs: ages.get(fact) ?? 0,
    isNew: isNew(object),
    readyMs: object.ready === 'True' ? (ages.get(condition) ?? 0) : undefined,
    turnsInMs: waitsForLoss ? NOT_READY_MS - conditionMs : undefined,
    renewedAt: state === 'suspect' ? suspects?.get(object.name) : undefined,
  };
}

function stateOf(node: NodeObject, conditionMs: number, isSuspect: boolean): NodeState {
  if (node.ready === 'Unknown' || (node.ready === 'False' && conditionMs >= NOT_READY_MS)) return 'lost';
  if (isSuspect) return 'suspect';
  return isLeaving(node) ? 'leaving' : 'healthy';
}

/** Whether somebody is about to take the node away. */
export function isLeaving(node: NodeObject): boolean {
  return (
    node.deleting ||
    node.unschedulable ||
    node.going.length > 0 ||
    node.taints.some(({ key }) => leavingTaints.has(key))
  );
}

/** Whether the node has not begun to serve: uninitialized, or never Ready since it registered. */
function isNew(node: NodeObject): boolean {
  const uninitialized = node.taints.some(
    ({ key }) =>
      key === 'node.cloudprovider.kubernetes.io/uninitialized' || /^node\.kubernetes\.io\/.*uninitialized$/.test(key),
  );
  return uninitialized || (node.ready !== 'True' && node.readyAt <= node.createdAt + REGISTERED_WITHIN_SECONDS);
}

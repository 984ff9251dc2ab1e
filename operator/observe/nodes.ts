import type { Moment } from './moment.ts';
import type { NodeObject } from './objects.ts';
import type { NodeState } from './snapshot.ts';
import { evictedAfterMs, evictingTaints } from './tolerations.ts';
import type { Toleration } from './tolerations.ts';

/** A kubelet that restarts says Ready=False for a moment: longer than this, and the node is lost. */
export const NOT_READY_MS = 10_000;

/** Clusters write a node's first Ready condition within this of making the object. */
const REGISTERED_WITHIN_SECONDS = 1;

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
  /** Whether somebody is about to take it away, or evicts what runs there, whatever else is the matter with it. */
  readonly isGoing: boolean;
  /** How long its pods stay at most, while a taint that they tolerate for a while evicts them. */
  readonly evictsInMs: number | undefined;
  /** When its Lease was renewed last, in seconds since 1970, while it is suspect. */
  readonly renewedAt: number | undefined;
}

/** Judges a node, for pods with one of these lists of tolerations, and tells the memory what is seen of it. */
export function observeNode(
  object: NodeObject,
  { memory, nowMs, suspects }: Moment,
  tolerations: readonly (readonly Toleration[])[] = [],
): ObservedNode {
  const condition = `Ready=${object.ready}@${object.readyAt}`;
  const conditionMs = memory.ageMs(object.uid, condition, nowMs) ?? 0;
  const evicting = [...new Set(tolerations.flatMap((each) => evictingTaints(each, object.taints)))];
  const isGoing = isLeaving(object) || evicting.length > 0;
  const isSuspect = suspects?.has(object.name) === true;
  const state = stateOf(object, { conditionMs, isSuspect, isGoing });
  const fact = state === 'healthy' ? `healthy@${object.readyAt}` : state;
  const evicts = evicting.map(({ key, value = '' }) => `evicts ${key}=${value}`);
  const ages = memory.observe(object.uid, [condition, fact, ...evicts], nowMs);
  const notices = evicting.flatMap((taint, index) => {
    const staysMs = Math.min(...tolerations.map((each) => evictedAfterMs(each, [taint])));
    return staysMs > 0 && staysMs < Infinity ? [Math.max(0, staysMs - (ages.get(evicts[index] ?? '') ?? 0))] : [];
  });
  const waitsForLoss = object.ready === 'False' && state !== 'lost';
  return {
    object,
    state,
    stateMs: ages.get(fact) ?? 0,
    isNew: isNew(object),
    readyMs: object.ready === 'True' ? (ages.get(condition) ?? 0) : undefined,
    turnsInMs: waitsForLoss ? NOT_READY_MS - conditionMs : undefined,
    isGoing,
    evictsInMs: state === 'leaving' && notices.length > 0 ? Math.min(...notices) : undefined,
    renewedAt: state === 'suspect' ? suspects?.get(object.name) : undefined,
  };
}

interface Judgement {
  readonly conditionMs: number;
  readonly isSuspect: boolean;
  readonly isGoing: boolean;
}

function stateOf(node: NodeObject, { conditionMs, isSuspect, isGoing }: Judgement): NodeState {
  if (node.ready === 'Unknown' || (node.ready === 'False' && conditionMs >= NOT_READY_MS)) return 'lost';
  if (isSuspect) return 'suspect';
  return isGoing ? 'leaving' : 'healthy';
}

/** Whether somebody is about to take the node away. */
function isLeaving(node: NodeObject): boolean {
  return node.unschedulable || node.going.length > 0 || node.taints.some(({ announces }) => announces === true);
}

/** Whether the node has not begun to serve: uninitialized, or never Ready since it registered. */
function isNew(node: NodeObject): boolean {
  const uninitialized = node.taints.some(
    ({ key }) =>
      key === 'node.cloudprovider.kubernetes.io/uninitialized' || /^node\.kubernetes\.io\/.*uninitialized$/.test(key),
  );
  return uninitialized || (node.ready !== 'True' && node.readyAt <= node.createdAt + REGISTERED_WITHIN_SECONDS);
}

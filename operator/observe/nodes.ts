import { SILENT_FOR_LONG_MS } from '../model/thresholds.ts';
import type { PodTemplate } from '../api/podtemplate.ts';
import { leavingOf } from './leaving.ts';
import type { Leaving } from './leaving.ts';
import type { Moment } from './moment.ts';
import type { NodeObject, Taint } from './objects.ts';
import type { NodeState } from '../model/zone.ts';
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
  /** By age alone it is something else after this long. */
  readonly turnsInMs: number | undefined;
  /** Whether somebody is about to take it away, or evicts what runs there, whatever else is the matter with it. */
  readonly isGoing: boolean;
  /** After how long at most the first of its pods are evicted, while a taint is there that evicts them. */
  readonly evictsInMs: number | undefined;
  /** When its Lease was renewed last, in seconds since 1970, while it is suspect. */
  readonly renewedAt: number | undefined;
  /** How it leaves, while it is leaving. */
  readonly leaving: Leaving | undefined;
}

/** What of a station is, or may come, on a node. */
export interface Tenants {
  readonly template: PodTemplate;
  /** What the pods there tolerate, or those that would come. */
  readonly tolerations: readonly (readonly Toleration[])[];
}

/** Judges a node, for pods of a station, and tells the memory what is seen of it. */
export function observeNode(
  object: NodeObject,
  { memory, nowMs, suspects }: Moment,
  { template, tolerations = [] }: Partial<Tenants> = {},
): ObservedNode {
  const condition = `Ready=${object.ready}@${object.readyAt}`;
  const conditionMs = memory.ageMs(object.uid, condition, nowMs) ?? 0;
  const eviction = evictionOf(object, tolerations);
  const isGoing = isLeaving(object) || eviction !== undefined;
  const isSuspect = suspects?.has(object.name) === true;
  const state = stateOf(object, { conditionMs, isSuspect, isGoing });
  // What is told is the same for all stations, whatever their pods tolerate: one that tells less would end what others saw.
  const forAll = stateOf(object, { conditionMs, isSuspect, isGoing: isLeaving(object) });
  const taints = object.taints.filter(({ effect }) => effect === 'NoExecute').map(taintFact);
  const fact = forAll === 'healthy' ? [`healthy@${object.readyAt}`, ...taints].join(' ') : forAll;
  const ages = memory.observe(object.uid, new Set([condition, fact, ...taints]), nowMs);
  const evictingMs = eviction?.taints.map((taint) => ages.get(taintFact(taint)) ?? 0) ?? [];
  const stateMs = state === forAll ? (ages.get(fact) ?? 0) : Math.max(...evictingMs);
  return {
    object,
    state,
    stateMs,
    isNew: isNew(object),
    readyMs: object.ready === 'True' ? (ages.get(condition) ?? 0) : undefined,
    turnsInMs: turnsInMs({ object, state, stateMs }, conditionMs),
    isGoing,
    evictsInMs: eviction && Math.max(0, eviction.afterMs - Math.min(...evictingMs)),
    renewedAt: state === 'suspect' ? suspects?.get(object.name) : undefined,
    leaving: state === 'leaving' ? leavingOf(object, leavingTaints(object, eviction), template) : undefined,
  };
}

interface Eviction {
  readonly taints: readonly Taint[];
  /** The least that a pod tolerates, from when the taints were there. */
  readonly afterMs: number;
}

/** How taints evict pods that tolerate these; undefined when all may stay. */
function evictionOf({ taints }: NodeObject, tolerations: Tenants['tolerations']): Eviction | undefined {
  const evicting = [...new Set(tolerations.flatMap((each) => evictingTaints(each, taints)))];
  if (evicting.length === 0) return undefined;
  const afterMs = Math.min(...tolerations.map((each) => evictedAfterMs(each, taints)));
  return { taints: evicting, afterMs };
}

function taintFact({ key, value = '', effect }: Taint): string {
  return `${key}=${value}:${effect}`;
}

function leavingTaints(node: NodeObject, eviction: Eviction | undefined): readonly Taint[] {
  return [...new Set([...announcing(node), ...(eviction?.taints ?? [])])];
}

/** Until a node that is not Ready is lost, or one that is suspect is so for long. */
function turnsInMs(
  { object, state, stateMs }: Pick<ObservedNode, 'object' | 'state' | 'stateMs'>,
  conditionMs: number,
): number | undefined {
  if (object.ready === 'False' && state !== 'lost') return NOT_READY_MS - conditionMs;
  return state === 'suspect' && stateMs < SILENT_FOR_LONG_MS ? SILENT_FOR_LONG_MS - stateMs : undefined;
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
  return node.deleting || node.unschedulable || node.going.length > 0 || announcing(node).length > 0;
}

function announcing({ taints }: NodeObject): readonly Taint[] {
  return taints.filter(({ announces }) => announces === true);
}

/** Whether the node has not begun to serve: uninitialized, or never Ready since it registered. */
function isNew(node: NodeObject): boolean {
  const uninitialized = node.taints.some(
    ({ key }) =>
      key === 'node.cloudprovider.kubernetes.io/uninitialized' || /^node\.kubernetes\.io\/.*uninitialized$/.test(key),
  );
  return uninitialized || (node.ready !== 'True' && node.readyAt <= node.createdAt + REGISTERED_WITHIN_SECONDS);
}

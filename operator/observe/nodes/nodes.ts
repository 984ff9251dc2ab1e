import { SILENT_FOR_LONG_MS } from '../../model/thresholds.ts';
import type { PodTemplate } from '../../api/podtemplate.ts';
import { leavingOf } from './leaving.ts';
import type { Leaving } from './leaving.ts';
import type { Moment } from '../moment.ts';
import type { NodeObject, Taint } from '../objects.ts';
import type { NodeState } from '../../model/zone.ts';
import { evictedAfterMs, evictingTaints } from './tolerations.ts';
import type { Toleration } from './tolerations.ts';

/** A kubelet that restarts reports Ready=False for a moment. A node that is not Ready for longer than this is lost. */
export const NOT_READY_MS = 10_000;

/** A cluster writes a node's first Ready condition within this time after it made the Node object. */
const REGISTERED_WITHIN_SECONDS = 1;

/** A node and what the memory knows of it. */
export interface ObservedNode {
  readonly object: NodeObject;
  readonly state: NodeState;
  readonly stateMs: number;
  /** Not in service yet: nothing is planned for it. */
  readonly isNew: boolean;
  /** How long it has been Ready without a break; undefined while it is not. */
  readonly readyMs: number | undefined;
  /** After this long, age alone changes what it means; undefined: never. */
  readonly lookAgainMs: number | undefined;
  /** It is about to be taken away, or a taint evicts its pods. True of lost and suspect nodes as well. */
  readonly isGoing: boolean;
  /** The first of its pods are evicted within this time; undefined without a taint that evicts them. */
  readonly evictsInMs: number | undefined;
  /** When its Lease was renewed last, in seconds since 1970; undefined while it is not suspect. */
  readonly renewedAt: number | undefined;
  /** How it leaves; undefined while it is not leaving. */
  readonly leaving: Leaving | undefined;
}

/** The pods of a station that run on a node or may come. */
export interface Tenants {
  readonly template: PodTemplate;
  /** What the pods there tolerate; on a node without any, what those that may come tolerate. */
  readonly tolerations: readonly (readonly Toleration[])[];
}

/** Judges a node for the pods of one station, and tells the memory what is seen of it. */
export function observeNode(
  object: NodeObject,
  { memory, nowMs, suspects }: Moment,
  { template, tolerations = [] }: Partial<Tenants> = {},
): ObservedNode {
  const condition = `Ready=${object.ready}@${object.readyAt}`;
  const conditionMs = memory.ageMs(object.uid, condition, nowMs) ?? 0;
  const eviction = evictionOf(object, tolerations);
  const isGoing = leavesForAll(object) || eviction !== undefined;
  const isSuspect = suspects?.has(object.name) === true;
  const state = nodeStateOf(object, { conditionMs, isSuspect, isGoing });
  // Every station tells the memory the same facts of a node, whatever its pods tolerate: the memory would forget a fact
  // that one of them leaves out, and the others would lose its age.
  const forAll = nodeStateOf(object, { conditionMs, isSuspect, isGoing: leavesForAll(object) });
  const taints = object.taints.filter(({ effect }) => effect === 'NoExecute').map(taintFact);
  const fact = forAll === 'healthy' ? [`healthy@${object.readyAt}`, ...taints].join(' ') : forAll;
  const ages = memory.observe(object.uid, new Set([condition, fact, ...taints]), nowMs);
  const evictingMs = eviction?.taints.map((taint) => ages.get(taintFact(taint)) ?? 0) ?? [];
  const stateMs = state === forAll ? (ages.get(fact) ?? 0) : Math.max(...evictingMs);
  return {
    object,
    state,
    stateMs,
    isNew: isYoung(object),
    readyMs: object.ready === 'True' ? (ages.get(condition) ?? 0) : undefined,
    lookAgainMs: lookAgainMs({ object, state, stateMs }, conditionMs),
    isGoing,
    evictsInMs: eviction && Math.max(0, eviction.afterMs - Math.min(...evictingMs)),
    renewedAt: state === 'suspect' ? suspects?.get(object.name) : undefined,
    leaving: state === 'leaving' ? leavingOf(object, leavingTaints(object, eviction), template) : undefined,
  };
}

interface Eviction {
  readonly taints: readonly Taint[];
  /** The shortest time that one of the pods tolerates them, counted from when they were added. */
  readonly afterMs: number;
}

/** Which taints evict pods with these tolerations, and how soon; undefined when all may stay. */
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

/** Time until a node that is not Ready is lost, or until people are told of a suspect one. */
function lookAgainMs(
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

function nodeStateOf(node: NodeObject, { conditionMs, isSuspect, isGoing }: Judgement): NodeState {
  if (node.ready === 'Unknown' || (node.ready === 'False' && conditionMs >= NOT_READY_MS)) return 'lost';
  if (isSuspect) return 'suspect';
  return isGoing ? 'leaving' : 'healthy';
}

/** Whether the node is about to be taken away. */
function leavesForAll(node: NodeObject): boolean {
  return node.deleting || node.unschedulable || node.going.length > 0 || announcing(node).length > 0;
}

function announcing({ taints }: NodeObject): readonly Taint[] {
  return taints.filter(({ announces }) => announces === true);
}

/** Whether the node does not serve yet: it is uninitialized, or was never Ready since it registered. */
function isYoung(node: NodeObject): boolean {
  const uninitialized = node.taints.some(
    ({ key }) =>
      key === 'node.cloudprovider.kubernetes.io/uninitialized' || /^node\.kubernetes\.io\/.*uninitialized$/.test(key),
  );
  return uninitialized || (node.ready !== 'True' && node.readyAt <= node.createdAt + REGISTERED_WITHIN_SECONDS);
}

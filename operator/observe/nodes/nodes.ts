import { SILENT_FOR_LONG_MS } from '../../model/thresholds.ts';
import type { PodTemplate } from '../../api/podtemplate.ts';
import { leavingOf } from './leaving.ts';
import type { Leaving } from './leaving.ts';
import type { Moment } from '../moment.ts';
import type { NodeObject, Taint } from '../objects.ts';
import { ZONE_LABEL, zoneOf } from '../../api/zone.ts';
import type { ZoneName } from '../../api/zone.ts';
import type { NodeState } from '../../model/zone.ts';
import { evictedAfterMs, evictingTaints } from './tolerations.ts';
import type { Toleration } from './tolerations.ts';
import { leaseAgeOf } from '../suspects/leaseAges.ts';
import type { LeaseAge } from '../suspects/leaseAges.ts';

/** A kubelet that restarts reports Ready=False for a moment. A node that is not Ready for longer than this is lost. */
export const NOT_READY_MS = 10_000;

/** A cluster writes a node's first Ready condition within this time after it made the Node object. */
const REGISTERED_WITHIN_SECONDS = 1;

/**
 * A node as pods of one kind see it, and what the memory knows of it. Moments are on the monotonic clock, so it stays
 * true while time passes, until `turnsAtMs`.
 */
export interface JudgedNode {
  readonly object: NodeObject;
  readonly state: NodeState;
  readonly sinceMs: number;
  /** Not in service yet: nothing is planned for it. */
  readonly isNew: boolean;
  /** Since when it has been Ready without a break; undefined while it is not. */
  readonly readySinceMs: number | undefined;
  /** Since when it has been lost or suspect; undefined while it is neither. */
  readonly downSinceMs: number | undefined;
  /** When it will be lost if nothing is heard of it; undefined: never by its age. */
  readonly turnsAtMs: number | undefined;
  /** It is about to be taken away, or a taint evicts its pods. True of lost and suspect nodes as well. */
  readonly isGoing: boolean;
  /** It is leaving, or was until it went down. */
  readonly isOutgoing: boolean;
  /** The first of its pods are evicted by then; undefined without a taint that evicts them. */
  readonly evictsAtMs: number | undefined;
  /** When its Lease was renewed last, in seconds since 1970; undefined while it is not suspect. */
  readonly renewedAt: number | undefined;
  /** How old its Lease is, at least; undefined while Leases do not tell. */
  readonly lease: LeaseAge | undefined;
  /** It is lost, and the API still calls pods on it Ready. */
  readonly isTelling: boolean;
  /** How it leaves; undefined while it is not leaving. */
  readonly leaving: Leaving | undefined;
}

/** A judged node at one moment. */
export interface ObservedNode extends JudgedNode {
  readonly stateMs: number;
  /** How long it has been Ready without a break; undefined while it is not. */
  readonly readyMs: number | undefined;
  /** After this long, age alone changes what it means; undefined: never. */
  readonly lookAgainMs: number | undefined;
  /** The first of its pods are evicted within this time; undefined without a taint that evicts them. */
  readonly evictsInMs: number | undefined;
}

/** The pods of a station that run on a node or may come. */
export interface Tenants {
  readonly template: PodTemplate;
  /** What the pods there tolerate; on a node without any, what those that may come tolerate. */
  readonly tolerations: readonly (readonly Toleration[])[];
}

/** Facts that the memory keeps of a node. */
const DOWN = 'down';
const OUTGOING = 'outgoing';

/** Judges a node for the pods of one station, and tells the memory what is seen of it. */
export function observeNode(object: NodeObject, moment: Moment, tenants: Partial<Tenants> = {}): ObservedNode {
  return nodeAt(judgeNode(object, moment, tenants), moment.nowMs);
}

/** A judged node as it is at this moment. */
export function nodeAt(node: JudgedNode, nowMs: number): ObservedNode {
  const { sinceMs, readySinceMs, turnsAtMs, evictsAtMs, state } = node;
  const stateMs = nowMs - sinceMs;
  const silentLeftMs = state === 'suspect' && stateMs < SILENT_FOR_LONG_MS ? SILENT_FOR_LONG_MS - stateMs : undefined;
  return {
    ...node,
    stateMs,
    readyMs: readySinceMs === undefined ? undefined : nowMs - readySinceMs,
    lookAgainMs: turnsAtMs === undefined ? silentLeftMs : turnsAtMs - nowMs,
    evictsInMs: evictsAtMs === undefined ? undefined : Math.max(0, evictsAtMs - nowMs),
  };
}

/** Judges a node for pods of one kind, and tells the memory what is seen of it. */
export function judgeNode(
  object: NodeObject,
  moment: Moment,
  { template, tolerations = [] }: Partial<Tenants> = {},
): JudgedNode {
  const { memory, nowMs, suspects, silentMs, hasReadyPods } = moment;
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
  const wasOutgoing = memory.ageMs(object.uid, OUTGOING, nowMs) !== undefined;
  const isOutgoing = isOnItsWayOut(forAll, leavesForAll(object), wasOutgoing);
  const facts = [condition, fact, ...taints, ...(isDown(forAll) ? [DOWN] : []), ...(isOutgoing ? [OUTGOING] : [])];
  const ages = memory.observe(object.uid, new Set(facts), nowMs);
  const since = (seen: string): number => nowMs - (ages.get(seen) ?? 0);
  const silence = silentMs?.(object.name);
  const evictingSinceMs = eviction?.taints.map((taint) => since(taintFact(taint))) ?? [];
  return {
    object,
    state,
    sinceMs: state === forAll ? since(fact) : Math.min(...evictingSinceMs),
    isNew: isYoung(object),
    readySinceMs: object.ready === 'True' ? since(condition) : undefined,
    downSinceMs: isDown(state) ? since(DOWN) : undefined,
    turnsAtMs: object.ready === 'False' && state !== 'lost' ? since(condition) + NOT_READY_MS : undefined,
    isGoing,
    isOutgoing: isOutgoing || (eviction !== undefined && isEvictedOut(object, state, { moment, tolerations })),
    evictsAtMs: eviction && Math.max(...evictingSinceMs) + eviction.afterMs,
    renewedAt: state === 'suspect' ? suspects?.get(object.name) : undefined,
    lease: silence === undefined ? undefined : leaseAgeOf(silence),
    isTelling: state === 'lost' && hasReadyPods?.(object.name) === true,
    leaving: state === 'leaving' ? leavingOf(object, leavingTaints(object, eviction), template) : undefined,
  };
}

/** A node that leaves, or that goes down while it leaves. One that is told to leave when it is down already is none. */
function isOnItsWayOut(state: NodeState, isGoing: boolean, wasOutgoing: boolean): boolean {
  return state === 'leaving' || (isDown(state) && isGoing && wasOutgoing);
}

/** Whether a node is on its way out only for pods that one of its taints evicts. */
function isEvictedOut(
  { uid }: NodeObject,
  state: NodeState,
  { moment, tolerations }: { readonly moment: Moment; readonly tolerations: Tenants['tolerations'] },
): boolean {
  const { memory, nowMs } = moment;
  const subject = `${uid} for pods that tolerate ${JSON.stringify(tolerations)}`;
  const isOutgoing = isOnItsWayOut(state, true, memory.ageMs(subject, OUTGOING, nowMs) !== undefined);
  memory.observe(subject, isOutgoing ? [OUTGOING] : [], nowMs);
  return isOutgoing;
}

function isDown(state: NodeState): boolean {
  return state === 'lost' || state === 'suspect';
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

/** The zone that a node is in by its label. */
export function zoneOfNode({ labels }: Pick<NodeObject, 'labels'>): ZoneName {
  return zoneOf(labels[ZONE_LABEL]);
}

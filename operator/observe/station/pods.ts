import { LOWEST_DELETION_COST } from '../../api/labels.ts';
import { ANYWHERE } from '../../api/zone.ts';
import type { ZoneName } from '../../api/zone.ts';
import type { FirstSeen } from '../../engine/memory.ts';
import { NO_ROOM_MS } from '../../model/thresholds.ts';
import { zoneOfNode } from '../nodes/nodes.ts';
import type { ObservedNode } from '../nodes/nodes.ts';
import type { PodObject } from '../objects.ts';
import type { PodNode, PodState, PodView } from '../../model/pod.ts';
import { BETWEEN_CRASHES, BETWEEN_CRASHES_MS, STUCK, stuckFacts, stuckView } from './stuck.ts';

/** What a pod is judged by, beside the pod itself. */
export interface PodSurroundings {
  /** The zone of the Deployment that it belongs to. */
  readonly zone?: ZoneName;
  readonly nodes: ReadonlyMap<string, ObservedNode>;
  /** Uids of pods that receive traffic of every port of the Service. */
  readonly served: ReadonlySet<string>;
  /** A pod that is not Ready on a healthy node for this long is slow. */
  readonly slowAfterMs: number;
  readonly memory: FirstSeen;
  readonly nowMs: number;
}

/** A pod as the planner sees it; `lookAgainMs`: after how long each age alone changes what it means. */
export interface ObservedPod {
  readonly view: PodView;
  readonly lookAgainMs: readonly number[];
}

/** Judges a pod and tells the memory what is seen of it. */
export function observePod(pod: PodObject, around: PodSurroundings): ObservedPod {
  const facts = factsOf(pod, around);
  const { memory, nowMs, slowAfterMs } = around;
  const told = Object.values(facts).filter((fact) => fact !== undefined);
  const ages = memory.observe(
    pod.uid,
    [...told, ...stuckFacts(pod, (fact) => memory.ageMs(pod.uid, fact, nowMs))],
    nowMs,
  );
  const ageMs = (fact: string | undefined): number | undefined => (fact === undefined ? undefined : ages.get(fact));
  const sinceMs = { goneMs: ageMs(facts.gone) ?? 0, boundMs: ageMs(facts.bound) ?? 0 };
  const node = pod.node === '' ? undefined : podNode(pod, around.nodes.get(pod.node), sinceMs);
  const unschedulableMs = ageMs(facts.unschedulable);
  const unplacedMs = ageMs(facts.unplaced);
  const waitingMs = ageMs(facts.waiting);
  const misplacedMs = ageMs(facts.misplaced);
  const view: PodView = {
    name: pod.name,
    uid: pod.uid,
    state: podStateOf(pod, node),
    deletingMs: ageMs(facts.deleting),
    finalizers: pod.finalizers,
    ports: pod.ports,
    ready: pod.readyAt !== undefined,
    readyMs: ageMs(facts.ready) ?? 0,
    servedMs: ageMs(facts.served),
    node,
    replicaSet: pod.replicaSet,
    marked: pod.deletionCost === LOWEST_DELETION_COST,
    markedMs: ageMs(facts.marked) ?? 0,
    unschedulable:
      pod.unschedulable === undefined || unschedulableMs === undefined
        ? undefined
        : { message: pod.unschedulable, ageMs: unschedulableMs },
    ...(unplacedMs === undefined ? {} : { unplacedMs }),
    slow: waitingMs !== undefined && waitingMs >= slowAfterMs,
    stuck: stuckView(pod, ages.get(STUCK)),
    ...(misplacedMs === undefined ? {} : { misplacedMs }),
  };
  const lookAgainMs = [
    ...leftMs(unschedulableMs, NO_ROOM_MS),
    ...leftMs(unplacedMs, NO_ROOM_MS),
    ...leftMs(waitingMs, slowAfterMs),
    ...leftMs(ages.get(BETWEEN_CRASHES), BETWEEN_CRASHES_MS),
  ];
  return { view, lookAgainMs };
}

/** Time left until an age is reached; none when it has been reached or never will be. */
function leftMs(ageMs: number | undefined, untilMs: number): readonly number[] {
  return ageMs === undefined || ageMs >= untilMs || untilMs === Infinity ? [] : [untilMs - ageMs];
}

interface Facts {
  readonly ready: string | undefined;
  readonly served: string | undefined;
  readonly unschedulable: string | undefined;
  readonly unplaced: string | undefined;
  readonly waiting: string | undefined;
  readonly misplaced: string | undefined;
  readonly gone: string | undefined;
  readonly bound: string | undefined;
  readonly marked: string | undefined;
  readonly deleting: string | undefined;
}

function factsOf(pod: PodObject, { nodes, served, zone }: PodSurroundings): Facts {
  return {
    ready: pod.readyAt === undefined ? undefined : `ready@${pod.readyAt}`,
    served: served.has(pod.uid) ? 'served' : undefined,
    unschedulable: pod.unschedulable === undefined ? undefined : 'unschedulable',
    unplaced: pod.node === '' && pod.unschedulable === undefined && !pod.deleting ? 'unplaced' : undefined,
    waiting: isWaiting(pod, nodes.get(pod.node)) ? 'waiting' : undefined,
    misplaced: isElsewhere(nodes.get(pod.node), zone) ? 'misplaced' : undefined,
    gone: pod.node === '' || nodes.has(pod.node) ? undefined : `gone ${pod.node}`,
    bound: pod.node === '' ? undefined : 'bound',
    marked: pod.deletionCost === LOWEST_DELETION_COST ? 'marked' : undefined,
    deleting: pod.deleting ? 'deleting' : undefined,
  };
}

/** Whether the node's label now names another zone than the one that the pod's Deployment is tied to. */
function isElsewhere(node: ObservedNode | undefined, zone: ZoneName | undefined): boolean {
  return node !== undefined && zone !== undefined && zone !== ANYWHERE && zoneOfNode(node.object) !== zone;
}

/** Whether only the pod itself keeps it from being Ready. */
function isWaiting(pod: PodObject, node: ObservedNode | undefined): boolean {
  return !pod.deleting && pod.readyAt === undefined && node?.state === 'healthy';
}

const stateOfReady = {
  gone: 'doubtful',
  lost: 'doubtful',
  suspect: 'doubtful',
  leaving: 'leaving',
  healthy: 'sure',
} as const;

function podStateOf(pod: PodObject, node: PodNode | undefined): PodState {
  if (pod.deleting) return 'deleting';
  if (pod.readyAt === undefined || node === undefined) return 'starting';
  return stateOfReady[node.state];
}

/** How long we have seen a pod on its node, and that node gone. */
interface SinceMs {
  readonly boundMs: number;
  readonly goneMs: number;
}

function podNode(pod: PodObject, node: ObservedNode | undefined, { boundMs, goneMs }: SinceMs): PodNode {
  if (node === undefined) {
    // No timestamp tells when the node went. A pod that is still Ready was there; one made since never got that far.
    const lostWithIt = pod.readyAt !== undefined;
    return { name: pod.node, state: 'gone', stateMs: goneMs, lostWithIt, leavesWithIt: false, healedMs: undefined };
  }
  const { readyAt } = node.object;
  // A pod that waited for a new node is older than the node's Ready too, so compare with the time when it was bound.
  const cameBack = readyAt > (pod.boundAt ?? pod.createdAt);
  return {
    name: pod.node,
    zone: zoneOfNode(node.object),
    state: node.state,
    stateMs: node.stateMs,
    lostWithIt: wasLostWith(pod, node),
    leavesWithIt: leavesWith(pod, node, boundMs),
    healedMs: cameBack ? node.readyMs : undefined,
    ...(node.evictsInMs === undefined || node.state !== 'leaving' ? {} : { evictsInMs: node.evictsInMs }),
  };
}

/** A kubelet renews its Lease this often. A pod made so soon after a renewal may have started on a living node. */
const RENEWED_EVERY_SECONDS = 10;

/**
 * Whether the pod was on the node when the node went down. Times are whole seconds.
 *
 * - Lost node: Kubernetes calls it lost so long after it fell silent that even a pod made in that very second was
 *   there.
 * - Suspect node: the node lived when its Lease was renewed last, so every pod made before was there. Replacements are
 *   made 15 s after that renewal at the soonest, and none of them may ever be owed. A pod that was made that late and
 *   gets Ready there is not owed either: the node lives, only its Lease is not renewed.
 */
function wasLostWith(pod: PodObject, { object, state, renewedAt }: ObservedNode): boolean {
  if (state === 'suspect') {
    if (renewedAt === undefined || pod.createdAt < renewedAt) return renewedAt !== undefined;
    return pod.readyAt !== undefined && pod.createdAt <= renewedAt + RENEWED_EVERY_SECONDS;
  }
  return state === 'lost' && pod.createdAt <= object.readyAt;
}

/** The scheduler hears of a cordon within this time. Pods of a leaving node are replaced later than that. */
const NEWS_SECONDS = 1;

/**
 * Whether the pod was on the node when the node began to leave. If no timestamp tells when that was, every pod was
 * there on a node that takes no more pods, and none on a node that still takes some. A timestamp may move when the node
 * is told once more to leave, so a pod that we saw come later never counts.
 */
function leavesWith(pod: PodObject, { leaving, stateMs }: ObservedNode, boundMs: number): boolean {
  if (leaving === undefined || boundMs + NEWS_SECONDS * 1000 < stateMs) return false;
  if (leaving.at === undefined) return !leaving.isOpen;
  return (pod.boundAt ?? pod.createdAt) <= leaving.at + NEWS_SECONDS;
}

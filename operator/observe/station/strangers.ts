import type { FirstSeen } from '../../engine/memory.ts';
import type { ObservedNode } from '../nodes/nodes.ts';
import type { PodObject } from '../objects.ts';
import type { SnapshotParts } from './parts.ts';
import type { ZoneView } from '../../model/zone.ts';
import type { StrangerView } from '../../model/pod.ts';

/** A pod that passes from one controller to the next is none of ours for less than this. */
const LASTING_MS = 10_000;

/** What strangers are judged by. */
interface StrangerSurroundings {
  readonly zones: readonly ZoneView[];
  readonly nodes: ReadonlyMap<string, ObservedNode>;
  readonly memory: FirstSeen;
  readonly nowMs: number;
}

/** The strangers, and after how long each counts as a lasting one. */
export interface SeenStrangers {
  readonly views: readonly StrangerView[];
  readonly lookAgainMs: readonly number[];
}

/** Finds the pods that the station's selectors catch and that are in none of its zones. */
export function seeStrangers(
  { pods, station }: SnapshotParts,
  { zones, nodes, memory, nowMs }: StrangerSurroundings,
): SeenStrangers {
  const own = new Set(zones.flatMap((zone) => zone.pods.map(({ uid }) => uid)));
  const isCaught = (pod: PodObject): boolean => pod.kitchen === station.kitchen && pod.station === station.station;
  const strangers = pods.filter((pod) => isCaught(pod) && !own.has(pod.uid));
  const facts = strangers.flatMap(({ uid, deleting }) => (deleting ? [uid, deletingFact(uid)] : [uid]));
  const ages = memory.observe(`strangers of ${station.uid}`, facts, nowMs);
  const views = strangers
    .map((pod) => viewOf(pod, nodes.get(pod.node), ages))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const leftMs = strangers.map(({ uid }) => LASTING_MS - (ages.get(uid) ?? 0));
  return { views, lookAgainMs: leftMs.filter((ms) => ms > 0) };
}

function viewOf(pod: PodObject, node: ObservedNode | undefined, ages: ReadonlyMap<string, number>): StrangerView {
  const { name, uid, readyAt, controller, ended } = pod;
  return {
    name,
    ready: readyAt !== undefined,
    ended,
    controller: controller && `${controller.kind} ${controller.name}`,
    leavingMs: node?.state === 'leaving' ? node.stateMs : undefined,
    lasting: (ages.get(uid) ?? 0) >= LASTING_MS,
    deletingMs: ages.get(deletingFact(uid)),
  };
}

function deletingFact(uid: string): string {
  return `${uid} is being deleted`;
}

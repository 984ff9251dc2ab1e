/*
 * Whose a pod is. A zone's pods are those controlled by a ReplicaSet that the zone's Deployment controls. Labels say nothing:
 * a person changes one to take a pod out of service, and canaries and debug copies carry those of the pod they stand for.
 *
 * Watches are independent, so two things may be open for a moment, and then a name decides, `<deployment>-<hash>`:
 *
 * - The ReplicaSet was not heard of yet. For a minute, in which an idle watch gives a sign of life: one that is unknown after
 *   that carries our labels no more, and its pods must not be waited for without end.
 * - Nobody controls it, since its Deployment was deleted without its pods: the next one of that name takes it over. One that its
 *   Deployment let go of, because somebody changed its labels, it does not.
 */
import type { FirstSeen } from '../engine/memory.ts';
import type { PodObject, ReplicaSetObject } from './objects.ts';
import { takenBy } from './ownership.ts';
import type { ChildOwner } from '../model/owner.ts';
import type { SnapshotParts } from './parts.ts';

/** By then every ReplicaSet that the watch selects has been heard of. */
const UNHEARD_MS = 60_000;

/** Tells whose pods are, and after how long each may be somebody else's. */
export interface PodOwners {
  /** The name of the Deployment whose the pod is; undefined for a stranger. */
  readonly deploymentOf: (pod: PodObject) => string | undefined;
  readonly turnsInMs: readonly number[];
}

/** Whose the pods are that a station's selectors catch. */
export function podOwners(
  { pods, failedPods, replicaSets, deployments, station }: SnapshotParts,
  owner: ChildOwner,
  { memory, nowMs }: { readonly memory: FirstSeen; readonly nowMs: number },
): PodOwners {
  const sets = new Map(replicaSets.map((set) => [set.uid, set]));
  const names = new Map(
    deployments.filter((each) => takenBy(each, owner) === undefined).map(({ uid, name }) => [uid, name]),
  );
  const unheard = [...pods, ...failedPods].flatMap(({ controller }) =>
    controller?.kind === 'ReplicaSet' && !sets.has(controller.uid) ? [controller.uid] : [],
  );
  const ages = memory.observe(`unheard ReplicaSets of ${station.uid}`, unheard, nowMs);
  const deploymentOf = (pod: PodObject): string | undefined => {
    const { controller } = pod;
    // Two stations of one Kitchen can spell the same name: `a` in zone `b-c`, `a-b` in zone `c`.
    if (pod.kitchen !== station.kitchen || pod.station !== station.station) return undefined;
    if (controller?.kind !== 'ReplicaSet') return undefined;
    const set = sets.get(controller.uid);
    if (set !== undefined) return set.controllerUid === '' ? nextDeployment(set, pod) : names.get(set.controllerUid);
    return (ages.get(controller.uid) ?? 0) < UNHEARD_MS ? nameBefore(controller.name) : undefined;
  };
  const leftMs = [...ages.values()].map((ageMs) => UNHEARD_MS - ageMs);
  return { deploymentOf, turnsInMs: leftMs.filter((ms) => ms > 0) };
}

/** One whose labels were changed is taken over by nobody. */
function nextDeployment({ name, zone }: ReplicaSetObject, pod: PodObject): string | undefined {
  return zone === pod.zone ? nameBefore(name) : undefined;
}

/** The name of the Deployment in that of its ReplicaSet: a hash has no dash. */
function nameBefore(replicaSet: string): string {
  return replicaSet.slice(0, Math.max(0, replicaSet.lastIndexOf('-')));
}

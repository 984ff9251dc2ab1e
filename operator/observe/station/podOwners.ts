/*
 * Which Deployment a pod belongs to. A zone's pods are those controlled by a ReplicaSet that the zone's Deployment
 * controls. Labels decide nothing: a person changes one to take a pod out of service, and canaries and debug copies
 * carry the labels of the pod that they copy.
 *
 * In two cases the controllers do not tell, and the ReplicaSet's name `<deployment>-<hash>` decides:
 *
 * - The ReplicaSet has not been seen yet, because the watches are independent. Its name counts for one minute, in which
 *   even an idle watch gives a sign of life. A ReplicaSet that is unknown after that no longer carries our labels, and
 *   nothing must wait for its pods without end.
 * - The ReplicaSet has no controller, because its Deployment was deleted without its pods. The next Deployment of that
 *   name adopts it. A Deployment does not adopt a ReplicaSet that it released because a person changed the labels.
 */
import type { FirstSeen } from '../../engine/memory.ts';
import type { PodObject, ReplicaSetObject } from '../objects.ts';
import { takenBy } from '../ownership.ts';
import type { ChildOwner } from '../../model/owner.ts';
import type { SnapshotParts } from './parts.ts';

/** After this long every ReplicaSet that the watch selects has been seen. */
const UNHEARD_MS = 60_000;

/** Tells which Deployment a pod belongs to; `lookAgainMs`: after how long each that may change by age alone. */
export interface PodOwners {
  /** The name of the Deployment that the pod belongs to; undefined for a stranger. */
  readonly deploymentOf: (pod: PodObject) => string | undefined;
  readonly lookAgainMs: readonly number[];
}

/** Finds the owners of the pods that a station's selectors catch. */
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
    // Two stations of one Kitchen can produce the same name: `a` in zone `b-c`, and `a-b` in zone `c`.
    if (pod.kitchen !== station.kitchen || pod.station !== station.station) return undefined;
    if (controller?.kind !== 'ReplicaSet') return undefined;
    const set = sets.get(controller.uid);
    if (set !== undefined) return set.controllerUid === '' ? nextDeployment(set, pod) : names.get(set.controllerUid);
    return (ages.get(controller.uid) ?? 0) < UNHEARD_MS ? nameBefore(controller.name) : undefined;
  };
  const leftMs = [...ages.values()].map((ageMs) => UNHEARD_MS - ageMs);
  return { deploymentOf, lookAgainMs: leftMs.filter((ms) => ms > 0) };
}

/** Names the Deployment that will adopt a ReplicaSet without controller; none adopts one whose labels were changed. */
function nextDeployment({ name, zone }: ReplicaSetObject, pod: PodObject): string | undefined {
  return zone === pod.zone ? nameBefore(name) : undefined;
}

/** Takes the Deployment's name from that of its ReplicaSet: a hash has no dash. */
function nameBefore(replicaSet: string): string {
  return replicaSet.slice(0, Math.max(0, replicaSet.lastIndexOf('-')));
}

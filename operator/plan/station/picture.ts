/*
 * Picture: reads from a snapshot, zone by zone, which pods count, which are owed, and which the ReplicaSet deletes
 * first.
 *
 *   A   pods that are not being deleted              r   spec.replicas
 *   C   pods that count: sure, Ready long enough, known to the load balancing, and not marked
 *   N   pods that the ReplicaSet deletes before any pod that counts: not Ready, or marked
 *
 * Example: a zone is told 3 (r), and has 3 sure pods and one that is not Ready: A = 4, C = 3, N = 1.
 */
import type { Snapshot } from '../../model/snapshot.ts';
import type { ZoneView } from '../../model/zone.ts';
import { alivePods, isSure } from '../../model/pod.ts';
import type { PodView } from '../../model/pod.ts';
import type { Child, DeploymentView } from '../../model/child.ts';
import { isRolling } from '../../model/rolling.ts';
import type { ZoneName } from '../../api/zone.ts';
import type { Solution } from './solve.ts';
import { isFrozen, sharesOf } from './shares.ts';
import { isBehindService } from '../children/servicePorts.ts';
import type { Shares } from './shares.ts';
import { misplacedIn } from './rules/misplaced.ts';
import { owedIn } from './rules/owed.ts';
import { waveLeftMs } from './rules/wave.ts';

/** By then traffic follows an EndpointSlice: kube-proxy knows every pod that replaces another. */
const SERVED_MS = 3_000;

export interface Picture {
  readonly snapshot: Snapshot;
  readonly demand: number;
  readonly solution: Solution;
  /** The solution as if no zone were full. */
  readonly uncapped: Solution;
  /** A Service of ours leads to the pods, so a pod counts only once the Service knows it. */
  readonly isServed: boolean;
  /** R: pods wanted in all, as far as there is room. Lost zones are left out. */
  readonly reachableTarget: number;
  /** R as if there were room. This is the figure that people are told. */
  readonly target: number;
  readonly zones: readonly ZonePicture[];
}

export interface ZonePicture {
  readonly name: ZoneName;
  readonly view: ZoneView;
  readonly deployment: DeploymentView | undefined;
  /** R_z, or r where the zone is left as it is. */
  readonly wanted: number;
  /** The zone is lost, or has not been back for long enough, so it is left as it is. */
  readonly frozen: boolean;
  /** r, 0 without a Deployment. */
  readonly replicas: number;
  /** A. */
  readonly alive: readonly PodView[];
  /** Owed pods: they will not come back, so the zone grows by their number. */
  readonly owed: readonly PodView[];
  /** Misplaced pods: they are sure in another zone, so this one grows by their number. */
  readonly misplaced: readonly PodView[];
  /** For this many ms more, owed pods that are lost are not made good. */
  readonly waveLeftMs: number;
  /** A rollout is under way: the pods are of more than one ReplicaSet, or not all of them are new. */
  readonly rolling: boolean;
}

/** The picture of one snapshot. */
export function pictureOf(snapshot: Snapshot): Picture {
  const { replicas: demand } = snapshot.station.spec;
  const shares = sharesOf(snapshot);
  const { solution, uncapped } = shares;
  const zones = snapshot.zones.map((view) => pictureOfZone(view, { snapshot, shares }));
  const frozenTotal = frozenInsteadOf(solution, zones);
  return {
    snapshot,
    demand,
    solution,
    uncapped,
    isServed: isBehindService(snapshot),
    reachableTarget: solution.total + frozenTotal,
    target: shares.declaredTotal + frozenTotal,
    zones,
  };
}

/** When no zone can be planned with, the target is what the zones have. */
function frozenInsteadOf(solution: Solution, zones: readonly ZonePicture[]): number {
  return solution.perZone.size > 0 ? 0 : zones.reduce((sum, zone) => sum + zone.wanted, 0);
}

interface Frame {
  readonly snapshot: Snapshot;
  readonly shares: Shares;
}

function pictureOfZone(view: ZoneView, frame: Frame): ZonePicture {
  const deployment = ours(view.deployment);
  const replicas = deployment?.replicas ?? 0;
  const alive = alivePods(view.pods);
  const frozen = isFrozen(view, frame.shares);
  return {
    name: view.name,
    view,
    deployment,
    wanted: frozen ? replicas : (frame.shares.perZone.get(view.name) ?? 0),
    frozen,
    replicas,
    alive,
    owed: frozen || view.deployment.state === 'deleting' ? [] : owedIn(alive, frame.shares.owesLeaving),
    misplaced: frozen || view.deployment.state === 'deleting' ? [] : misplacedIn(view, alive),
    waveLeftMs: frozen ? 0 : waveLeftMs(view, frame.snapshot),
    rolling: deployment !== undefined && isRolling(deployment, alive),
  };
}

/** How many ms until a pod counts; `Infinity` when an event must come first. */
export function countsAfterMs(pod: PodView, deployment: DeploymentView | undefined, isServed: boolean): number {
  if (!isSure(pod) || pod.marked) return Infinity;
  const readyLeftMs = Math.max(0, (deployment?.minReadyMs ?? 0) - pod.readyMs);
  const servedLeftMs = isServed ? Math.max(0, SERVED_MS - (pod.servedMs ?? -Infinity)) : 0;
  return Math.max(readyLeftMs, servedLeftMs);
}

/** The child when it is ours to write. */
export function ours<T>(child: Child<T>): ({ readonly state: 'ours' } & T) | undefined {
  return child.state === 'ours' ? child : undefined;
}

/** Pods that the ReplicaSet deletes before any Ready pod without a mark. */
export function diesFirst(pod: PodView): boolean {
  return !pod.ready || pod.marked;
}

/*
 * What the rules read off a snapshot, zone by zone: which pods count, which are owed, which die first.
 *
 *   A   pods that are not being deleted              r   spec.replicas
 *   C   pods that count: sure, Ready long enough, known to the load balancing, and not marked to go
 *   N   pods the ReplicaSet deletes before any pod that counts: not Ready, or marked
 */
import type { Snapshot } from '../model/snapshot.ts';
import type { ZoneView } from '../model/zone.ts';
import { alivePods, isSure } from '../model/pod.ts';
import type { PodView } from '../model/pod.ts';
import type { Child, DeploymentView } from '../model/child.ts';
import { isRolling } from '../model/rolling.ts';
import type { ZoneName } from '../api/zone.ts';
import type { Solution } from './solve.ts';
import { isHeld, sharesOf } from './shares.ts';
import { isBehindService } from './children/servicePorts.ts';
import type { Shares } from './shares.ts';
import { misplacedIn } from './misplaced.ts';
import { owedIn } from './owed.ts';
import { waveLeftMs } from './wave.ts';

/** Traffic follows an EndpointSlice within this: kube-proxy has every replacing pod by then. */
const SERVED_MS = 3_000;

export interface Picture {
  readonly snapshot: Snapshot;
  readonly demand: number;
  readonly solution: Solution;
  /** The same as if no zone were full. */
  readonly uncapped: Solution;
  /** A Service of ours leads to the pods, so they count once it knows them. */
  readonly isServed: boolean;
  /** R: pods wanted in all, lost zones left out, as far as there is room. */
  readonly target: number;
  /** R as if there were room: what people are told. */
  readonly declaredTarget: number;
  readonly zones: readonly ZonePicture[];
}

export interface ZonePicture {
  readonly name: ZoneName;
  readonly view: ZoneView;
  readonly deployment: DeploymentView | undefined;
  /** R_z; where the zone is left as it is, what it has. */
  readonly wanted: number;
  /** It is lost, or not back for long enough, and left as it is. */
  readonly held: boolean;
  /** r, 0 without a Deployment. */
  readonly replicas: number;
  /** A. */
  readonly alive: readonly PodView[];
  /** Pods that will not come back, for whom the zone must grow. */
  readonly owed: readonly PodView[];
  /** Pods that are sure in another zone by now: it grows by these too. */
  readonly misplaced: readonly PodView[];
  /** So long, in ms, those of them that are lost are not made good yet. */
  readonly waveLeftMs: number;
  /** Pods of more than one ReplicaSet, or fewer new ones than there are: a rollout is under way. */
  readonly rolling: boolean;
}

/** The picture of one snapshot. */
export function pictureOf(snapshot: Snapshot): Picture {
  const { replicas: demand } = snapshot.station.spec;
  const shares = sharesOf(snapshot);
  const { solution, uncapped } = shares;
  const zones = snapshot.zones.map((view) => pictureOfZone(view, { snapshot, shares }));
  const heldTotal = heldInsteadOf(solution, zones);
  return {
    snapshot,
    demand,
    solution,
    uncapped,
    isServed: isBehindService(snapshot),
    target: solution.total + heldTotal,
    declaredTarget: shares.declaredTotal + heldTotal,
    zones,
  };
}

/** With no zone to plan for, what there is stays what is wanted. */
function heldInsteadOf(solution: Solution, zones: readonly ZonePicture[]): number {
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
  const held = isHeld(view, frame.shares);
  return {
    name: view.name,
    view,
    deployment,
    wanted: held ? replicas : (frame.shares.perZone.get(view.name) ?? 0),
    held,
    replicas,
    alive,
    owed: held || view.deployment.state === 'deleting' ? [] : owedIn(alive, frame.shares.owesLeaving),
    misplaced: held || view.deployment.state === 'deleting' ? [] : misplacedIn(view, alive),
    waveLeftMs: held ? 0 : waveLeftMs(view, frame.snapshot),
    rolling: deployment !== undefined && isRolling(deployment, alive),
  };
}

/** How long until a pod counts, in ms; `Infinity` where an event has to come first. */
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

/** A number of things in words: `1 pod`, `2 pods`. */
export function count(many: number, thing: string): string {
  return `${many} ${thing}${many === 1 ? '' : 's'}`;
}

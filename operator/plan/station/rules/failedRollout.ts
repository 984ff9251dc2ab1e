/*
 * Failed rollout: decides that a new template is bad in a zone, and says why.
 *
 * A template that only finds no room is not bad. It is bad in a zone when one of these is true:
 *
 * - The API server refuses its pods, and would take pods of the template before (refused.ts).
 * - Its pods end as Failed, one after another: for 10 s while none is Ready, for 60 s where some are.
 * - Every new pod that has a node and is not Ready has failed to start for 60 s, for a reason that the kubelet gives.
 * - The Deployment's progress deadline has passed, and all its pods have room.
 * - The deadline has passed, and pods find no node, and the template asks the scheduler for something that the one
 *   before did not (asks.ts). Until the deadline, new nodes may cure that.
 *
 * New pods are those outside the ReplicaSet that was noted as good when the rollout began.
 *
 * Hard part: to the Deployment each new pod is progress, so the deadline never passes while pods fail and are made
 * again.
 *
 * Example: the new image of zone-a does not exist. Its one new pod shows ImagePullBackOff for 60 s. The rollout has
 * failed there.
 */
import { FAILING_MS, STUCK_MS } from '../../../model/thresholds.ts';
import type { PodView } from '../../../model/pod.ts';
import type { DeploymentView, GoodTemplate, RolloutFailure } from '../../../model/child.ts';
import type { Snapshot } from '../../../model/snapshot.ts';
import type { JsonObject } from '../../../api/kubernetes/json.ts';
import type { Picture, ZonePicture } from '../picture.ts';
import { askedOfScheduler, schedulerOf } from './asks.ts';
import { count } from '../../../model/words.ts';
import { newestTemplateHash } from '../../children/deployment.ts';
import { isNew, isRefused, refusalIn } from './refused.ts';

/** How a template failed, and the ReplicaSet of the pods that show it, where there are such pods. */
export interface Failure extends RolloutFailure {
  readonly replicaSet: string | undefined;
}

/** Why a zone's rollout failed; undefined when it did not, or when the zone has gone back already. */
export function rolloutFailure(picture: Picture, zone: ZonePicture): Failure | undefined {
  const { deployment, view } = zone;
  if (deployment === undefined || !view.declared || zone.frozen || wentBack(picture.snapshot, deployment))
    return undefined;
  if (deployment.observedGeneration < deployment.generation) return undefined;
  return refusedPods(picture, zone) ?? rejected(picture, zone) ?? notReady(zone) ?? withoutNode(zone);
}

function refusedPods(picture: Picture, zone: ZonePicture): Failure | undefined {
  const refusal = refusalIn(picture, zone);
  if (refusal === undefined || refusal.ageMs < refusal.failsAfterMs) return undefined;
  return { reason: 'NotMade', words: `its pods are refused: ${refusal.message}`, replicaSet: undefined };
}

function rejected(picture: Picture, zone: ZonePicture): Failure | undefined {
  const { failing } = zone.view;
  if (failing === undefined || failing.replicaSet === notedBefore(zone)?.replicaSet) return undefined;
  if (!isNew(picture, zone)) return undefined;
  const pods = newPods(zone);
  // Wait while pods of a superseded template are left, and until this process itself has seen a new pod fail.
  if (pods.some((pod) => pod.replicaSet !== failing.replicaSet) || failing.newestMs >= failing.ageMs) return undefined;
  if (failing.ageMs < (pods.some((pod) => pod.ready) ? STUCK_MS : FAILING_MS)) return undefined;
  // No number in the words: it would rise with each failed pod, and each rise would be a write of the status.
  const words = `its pods end as Failed one after another: ${failing.reason}: ${failing.message}`;
  return { reason: 'Rejected', words, replicaSet: failing.replicaSet };
}

function notReady(zone: ZonePicture): Failure | undefined {
  const { deployment } = zone;
  const waiting = newPods(zone).filter((pod) => isWaiting(zone, pod));
  const replicaSet = waiting[0]?.replicaSet;
  // Some pods of a superseded template are still going. Judge only the pods that come after them.
  if (waiting.some((pod) => pod.replicaSet !== replicaSet)) return undefined;
  const stuck = waiting.flatMap((pod) => ((pod.stuck?.ageMs ?? 0) >= STUCK_MS && pod.stuck ? [pod.stuck] : []));
  const [first] = stuck;
  const timedOut = deployment?.progressFailed === true && !lacksRoom(zone) && waiting.length > 0;
  if (first !== undefined && stuck.length === waiting.length && (zone.rolling || timedOut)) {
    const pods = `${count(stuck.length, 'pod')} ${stuck.length === 1 ? 'does' : 'do'} not start`;
    return { reason: 'NotStarting', words: `${pods}: ${first.reason}: ${first.message}`, replicaSet };
  }
  if (!timedOut) return undefined;
  const words = `${count(waiting.length, 'pod')} not Ready within the Deployment’s progress deadline`;
  return { reason: 'DeadlineExceeded', words, replicaSet };
}

/** New pods that have no node when the deadline has passed, for a reason that no new room would cure. */
function withoutNode(zone: ZonePicture): Failure | undefined {
  const pods = newPods(zone).filter((pod) => pod.node === undefined && !pod.ready);
  const [first] = pods;
  if (first === undefined || zone.deployment?.progressFailed !== true) return undefined;
  if (pods.some((pod) => pod.replicaSet !== first.replicaSet)) return undefined;
  const before = notedBefore(zone);
  const asks = askedOfScheduler(before?.beyond ?? {});
  const words = pods.find((pod) => pod.unschedulable !== undefined)?.unschedulable?.message;
  // Without a template before it to compare with, only a pod that no scheduler has looked at is surely not waiting for
  // room.
  if (before === undefined ? words !== undefined : asks.length === 0) return undefined;
  const why = words ?? unseenBecause(zone.deployment.template);
  const asked = asks.length === 0 ? '' : ` (it asks for what the template before did not: ${asks.join(', ')})`;
  const found = `${count(pods.length, 'pod')} found no node within the progress deadline${asked}: ${why}`;
  return { reason: 'Unschedulable', words: found, replicaSet: first.replicaSet };
}

function unseenBecause(template: JsonObject): string {
  const { name, gates } = schedulerOf(template);
  if (gates.length > 0) return `schedulingGates hold it back: ${gates.join(', ')}`;
  return `no scheduler has looked at it; its schedulerName is ${name}`;
}

/** Whether the template itself keeps the zone's new pods away, as far as we know, so that it must go to no other zone. */
export function isOwnFault(picture: Picture, zone: ZonePicture): boolean {
  const isUnplaced = newPods(zone).some((pod) => pod.unschedulable !== undefined);
  return isRefused(picture, zone) || (asksMore(zone) && isUnplaced);
}

/** Whether a zone's new template asks the scheduler for something that the one before it did not. */
export function asksMore(zone: ZonePicture): boolean {
  return askedOfScheduler(notedBefore(zone)?.beyond ?? {}).length > 0;
}

/**
 * The template that the zone may go back to: it is noted, the zone does not run it already, and it was Ready then or is
 * now.
 */
export function goodBefore(zone: ZonePicture): GoodTemplate | undefined {
  const good = notedBefore(zone);
  const isProven =
    good?.isProven === true || zone.alive.some((pod) => pod.ready && pod.replicaSet === good?.replicaSet);
  return isProven ? good : undefined;
}

/**
 * The template to note as good when the zone's is about to change: the one it runs or, during a rollout, the one noted
 * before.
 */
export function goodToNote({ deployment, alive, rolling }: ZonePicture): GoodTemplate | undefined {
  const { revision, templateHash: hash, defaults = '', good, replicas } = deployment ?? {};
  if (rolling || revision === undefined || hash === undefined) return good;
  const isProven = replicas === 0 || alive.some((pod) => pod.ready);
  return { revision, hash, defaults, replicaSet: alive[0]?.replicaSet ?? '', isProven };
}

/** The zone where the newest template failed, and how. The template is not tried again until it changes. */
export function failedTemplate({
  snapshot,
  zones,
}: Picture): { readonly in: ZonePicture; readonly failure: Failure } | undefined {
  const hash = newestTemplateHash(snapshot);
  const zone = zones.find(({ deployment }) => deployment?.badTemplate === hash);
  return zone && { in: zone, failure: failureNoted(zone) };
}

/** Whether the zone has no Ready pod of a template that came after the good one. */
export function isUnproven(zone: ZonePicture): boolean {
  return !newPods(zone).some((pod) => pod.ready);
}

function failureNoted({ deployment }: ZonePicture): Failure {
  const { reason, words } = deployment?.failure ?? { reason: 'NotStarting', words: 'its pods did not get Ready' };
  return { reason, words, replicaSet: undefined };
}

/** Whether a zone has left the newest template because that failed there. */
export function wentBack(snapshot: Snapshot, deployment: DeploymentView | undefined): boolean {
  const bad = deployment?.badTemplate;
  return bad !== undefined && bad === newestTemplateHash(snapshot) && deployment?.templateHash !== bad;
}

function newPods(zone: ZonePicture): readonly PodView[] {
  const good = notedBefore(zone);
  return zone.alive.filter((pod) => pod.replicaSet !== good?.replicaSet);
}

function notedBefore({ deployment }: ZonePicture): GoodTemplate | undefined {
  const good = deployment?.good;
  return good?.hash === deployment?.templateHash ? undefined : good;
}

/** Not Ready, and on a node where it could become so. */
function isWaiting({ owed }: ZonePicture, pod: PodView): boolean {
  const state = pod.node?.state;
  return !pod.ready && (state === 'healthy' || state === 'leaving') && !owed.includes(pod);
}

function lacksRoom({ deployment, alive }: ZonePicture): boolean {
  return deployment?.replicaFailure !== undefined || alive.some((pod) => pod.unschedulable !== undefined);
}

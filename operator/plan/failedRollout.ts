/*
 * When a rollout has failed. A template that finds no room is no bad template; one is bad in a zone when
 *
 * - the API server refuses its pods and would take those of the one before (refused.ts); or
 * - its pods end as Failed, one after another: for ten seconds while none is Ready, for a minute where some are; or
 * - every new pod there that has a node and is not Ready has not started for a minute, for a reason that the kubelet gives; or
 * - the Deployment's progress deadline has passed, with room for all its pods, or with pods that find no node although the
 *   template asks the scheduler for something that the one before did not (asks.ts): new nodes may cure that until then.
 *
 * New pods are those that do not belong to the ReplicaSet noted as good when the rollout began. The hard part is Failed pods:
 * each new one is progress to the Deployment, whose deadline never passes.
 */
import { FAILING_MS, STUCK_MS } from '../model/thresholds.ts';
import type { PodView } from '../model/pod.ts';
import type { DeploymentView, GoodTemplate, RolloutFailure } from '../model/child.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { JsonObject } from '../api/kubernetes/json.ts';
import type { Picture, ZonePicture } from './picture.ts';
import { askedOfScheduler, schedulerOf } from './asks.ts';
import { count } from './picture.ts';
import { newestTemplateHash } from './children/deployment.ts';
import { isNew, isRefused, refusalIn } from './refused.ts';

/** How a template failed, and the ReplicaSet of the pods that show it, where there are any. */
export interface Failure extends RolloutFailure {
  readonly replicaSet: string | undefined;
}

/** What a zone's rollout failed by, if it did; a zone that went back already is none. */
export function rolloutFailure(picture: Picture, zone: ZonePicture): Failure | undefined {
  const { deployment, view } = zone;
  if (deployment === undefined || !view.declared || zone.held || wentBack(picture.snapshot, deployment))
    return undefined;
  if (deployment.observedGeneration < deployment.generation) return undefined;
  return notMade(picture, zone) ?? rejected(picture, zone) ?? notReady(zone) ?? withoutNode(zone);
}

function notMade(picture: Picture, zone: ZonePicture): Failure | undefined {
  const refusal = refusalIn(picture, zone);
  if (refusal === undefined || refusal.ageMs < refusal.failsAfterMs) return undefined;
  return { reason: 'NotMade', words: `its pods are refused: ${refusal.message}`, replicaSet: undefined };
}

function rejected(picture: Picture, zone: ZonePicture): Failure | undefined {
  const { failing } = zone.view;
  if (failing === undefined || failing.replicaSet === notedBefore(zone)?.replicaSet) return undefined;
  if (!isNew(picture, zone)) return undefined;
  const pods = newPods(zone);
  // Of a template that was superseded, or pods that failed before this process saw one fail.
  if (pods.some((pod) => pod.replicaSet !== failing.replicaSet) || failing.newestMs >= failing.ageMs) return undefined;
  if (failing.ageMs < (pods.some((pod) => pod.ready) ? STUCK_MS : FAILING_MS)) return undefined;
  // Without a number: it rises with each of them, and so would the writes of the status.
  const words = `its pods end as Failed one after another: ${failing.reason}: ${failing.message}`;
  return { reason: 'Rejected', words, replicaSet: failing.replicaSet };
}

function notReady(zone: ZonePicture): Failure | undefined {
  const { deployment } = zone;
  const waiting = newPods(zone).filter((pod) => isWaiting(zone, pod));
  const replicaSet = waiting[0]?.replicaSet;
  // Pods of a template that was superseded are still going: what comes after them has to be judged.
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

/** New pods without a node, once the deadline has passed, for a reason that no room would cure. */
function withoutNode(zone: ZonePicture): Failure | undefined {
  const pods = newPods(zone).filter((pod) => pod.node === undefined && !pod.ready);
  const [first] = pods;
  if (first === undefined || zone.deployment?.progressFailed !== true) return undefined;
  if (pods.some((pod) => pod.replicaSet !== first.replicaSet)) return undefined;
  const before = notedBefore(zone);
  const asks = askedOfScheduler(before?.beyond ?? {});
  const words = pods.find((pod) => pod.unschedulable !== undefined)?.unschedulable?.message;
  // Without a template before, only what no scheduler has looked at is sure to wait for no room.
  if (before === undefined ? words !== undefined : asks.length === 0) return undefined;
  const why = words ?? unseenBecause(zone.deployment.template);
  const asked = asks.length === 0 ? '' : ` (it asks for another ${asks.join(', ')})`;
  const found = `${count(pods.length, 'pod')} found no node within the progress deadline${asked}: ${why}`;
  return { reason: 'Unschedulable', words: found, replicaSet: first.replicaSet };
}

function unseenBecause(template: JsonObject): string {
  const { name, gates } = schedulerOf(template);
  if (gates.length > 0) return `schedulingGates hold it back: ${gates.join(', ')}`;
  return `no scheduler has looked at it; its schedulerName is ${name}`;
}

/** Whether what keeps a zone's new pods away is their template, for all that is known, so that it must go nowhere else. */
export function isOwnFault(picture: Picture, zone: ZonePicture): boolean {
  const isUnplaced = newPods(zone).some((pod) => pod.unschedulable !== undefined);
  return isRefused(picture, zone) || (asksMore(zone) && isUnplaced);
}

/** Whether a zone's new template asks the scheduler for something that the one before it did not. */
export function asksMore(zone: ZonePicture): boolean {
  return askedOfScheduler(notedBefore(zone)?.beyond ?? {}).length > 0;
}

/** What the zone may go back to: noted, not what it runs already, and seen Ready then or now. */
export function goodBefore(zone: ZonePicture): GoodTemplate | undefined {
  const good = notedBefore(zone);
  const isProven =
    good?.isProven === true || zone.alive.some((pod) => pod.ready && pod.replicaSet === good?.replicaSet);
  return isProven ? good : undefined;
}

/** What to note as good when the zone's template is about to change: what it runs, or in mid-rollout what it ran before that. */
export function goodToNote({ deployment, alive, rolling }: ZonePicture): GoodTemplate | undefined {
  const { revision, templateHash: hash, defaults = '', good, replicas } = deployment ?? {};
  if (rolling || revision === undefined || hash === undefined) return good;
  const isProven = replicas === 0 || alive.some((pod) => pod.ready);
  return { revision, hash, defaults, replicaSet: alive[0]?.replicaSet ?? '', isProven };
}

/** The newest template when it has failed in some zone: where, and how. It is tried no more until it changes. */
export function failedTemplate({
  snapshot,
  zones,
}: Picture): { readonly in: ZonePicture; readonly failure: Failure } | undefined {
  const hash = newestTemplateHash(snapshot);
  const zone = zones.find(({ deployment }) => deployment?.badTemplate === hash);
  return zone && { in: zone, failure: failureNoted(zone) };
}

/** Whether no pod of the template that the zone runs was ever seen Ready there, since it changed. */
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

/** Not Ready, on a node that could make it so. */
function isWaiting({ owed }: ZonePicture, pod: PodView): boolean {
  const state = pod.node?.state;
  return !pod.ready && (state === 'healthy' || state === 'leaving') && !owed.includes(pod);
}

function lacksRoom({ deployment, alive }: ZonePicture): boolean {
  return deployment?.replicaFailure !== undefined || alive.some((pod) => pod.unschedulable !== undefined);
}

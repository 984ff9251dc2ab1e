/*
 * When a rollout has failed. A template that finds no room is no bad template; one is bad in a zone when
 *
 * - every new pod there that has a node and is not Ready has not started for a minute, for a reason that the kubelet gives; or
 * - the Deployment's progress deadline has passed, with room for all its pods.
 *
 * New pods are those that do not belong to the ReplicaSet noted as good when the rollout began.
 */
import type { GoodTemplate, PodView } from '../observe/snapshot.ts';
import type { Picture, ZonePicture } from './picture.ts';
import type { ProblemReason } from './plan.ts';
import { count } from './picture.ts';
import { newestTemplateHash } from './children/deployment.ts';

/** Pulling an image and starting fail now and then: only what goes on for so long is the template's fault. */
export const STUCK_MS = 60_000;

/** How a template failed, and the ReplicaSet of the pods that show it, where there are any. */
export interface Failure {
  readonly reason: Extract<ProblemReason, 'NotStarting' | 'DeadlineExceeded'>;
  readonly words: string;
  readonly replicaSet: string | undefined;
}

/** What a zone's rollout failed by, if it did; a zone that went back already is none. */
export function rolloutFailure(picture: Picture, zone: ZonePicture): Failure | undefined {
  const { deployment, view } = zone;
  if (deployment === undefined || !view.declared || zone.held || wentBack(picture, zone)) return undefined;
  if (deployment.observedGeneration < deployment.generation) return undefined;
  const waiting = newPods(zone).filter((pod) => isWaiting(zone, pod));
  const replicaSet = waiting[0]?.replicaSet;
  // Pods of a template that was superseded are still going: what comes after them has to be judged.
  if (waiting.some((pod) => pod.replicaSet !== replicaSet)) return undefined;
  const stuck = waiting.flatMap((pod) => ((pod.stuck?.ageMs ?? 0) >= STUCK_MS && pod.stuck ? [pod.stuck] : []));
  const [first] = stuck;
  const timedOut = deployment.progressFailed && !lacksRoom(zone) && waiting.length > 0;
  if (first !== undefined && stuck.length === waiting.length && (zone.rolling || timedOut)) {
    const pods = `${count(stuck.length, 'pod')} ${stuck.length === 1 ? 'does' : 'do'} not start`;
    return { reason: 'NotStarting', words: `${pods}: ${first.reason}: ${first.message}`, replicaSet };
  }
  if (!timedOut) return undefined;
  const words = `${count(waiting.length, 'pod')} not Ready within the Deployment’s progress deadline`;
  return { reason: 'DeadlineExceeded', words, replicaSet };
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
  const { revision, templateHash: hash, defaults = '', good } = deployment ?? {};
  if (rolling || revision === undefined || hash === undefined) return good;
  const isProven = alive.length === 0 || alive.some((pod) => pod.ready);
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
  const noted = deployment?.failure ?? '';
  const [, reason, words] = /^(NotStarting|DeadlineExceeded): (.*)$/s.exec(noted) ?? [];
  const known = reason === 'DeadlineExceeded' ? reason : 'NotStarting';
  return { reason: known, words: words ?? 'its pods did not get Ready', replicaSet: undefined };
}

function wentBack({ snapshot }: Picture, { deployment }: ZonePicture): boolean {
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

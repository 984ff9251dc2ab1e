/*
 * Stuck zone: finds a zone that has got no further for the Deployment's progress deadline, and says what a person can
 * do.
 *
 * A zone is stuck when it has been at something (a rollout, pods to be made) for that long without one more Ready pod.
 * Kubernetes' clock may say so, or ours: a paused Deployment has no deadline in Kubernetes, and pods that fail again
 * and again put it off without end. Nothing waits for a stuck zone any more:
 *
 * - Its pods on leaving nodes are made good as always. Then they go by eviction, because the budget does not set them
 *   apart: allowance = healthy − D. The operator itself deletes none. The Deployment controller would spread a lower
 *   count over the ReplicaSets in proportion to their size, so it could take any pod. An eviction takes the pod that it
 *   names. The ReplicaSet makes that pod once more. This surplus stays until the zone moves on, and stands in for the
 *   next one.
 * - A shrink passes only where all its Ready pods are meant to go. Then it does not matter which go.
 * - Other pods are handed over without waiting for those that it lacks, as long as demand is met.
 *
 * A rollout does not go past it: what is stuck in one zone would be stuck in the next.
 *
 * Hard part: to tell progress from pods that come and go. Only one more Ready pod of a ReplicaSet than ever before is
 * progress (observe/station/unsettled.ts).
 *
 * Example: a person pauses the rollout in zone-a half-way. After the progress deadline `ZoneStuck` says to resume it,
 * and a drain of a node in zone-a still ends.
 */
import type { ConditionReason } from '../../../api/conditions.ts';
import { surePods } from '../../../model/pod.ts';
import type { PodView } from '../../../model/pod.ts';
import { isOut } from '../../../model/zone.ts';
import type { ZonePicture } from '../picture.ts';
import { showZone } from '../../../api/zone.ts';

/** Why a zone gets no further, and what a person can do. */
export interface Stuck {
  readonly reason: ConditionReason<'ZoneStuck'>;
  readonly words: string;
}

/** What a zone is stuck at. Undefined while it moves, may still move, or has nothing to do. */
export function stuckAt(zone: ZonePicture): Stuck | undefined {
  const { deployment, view, rolling } = zone;
  if (deployment === undefined || isOut(view) || view.unsettledMs === undefined) return undefined;
  const isSeen = deployment.observedGeneration >= deployment.generation;
  const isLate = view.unsettledMs >= deployment.progressDeadlineMs;
  return isLate || (isSeen && rolling && deployment.progressFailed) ? whyStuck(zone, deployment) : undefined;
}

/** How many pods wanted in stuck zones are not sure: the other zones do not wait for these. */
export function lackedByStuck(zones: readonly ZonePicture[]): number {
  return zones
    .filter((zone) => stuckAt(zone) !== undefined)
    .reduce((sum, { wanted, alive }) => sum + Math.max(0, wanted - surePods(alive).length), 0);
}

function whyStuck(
  { alive, replicas, rolling }: ZonePicture,
  { name: deployment, paused, replicaFailure }: NonNullable<ZonePicture['deployment']>,
): Stuck {
  if (paused) {
    return {
      reason: 'Paused',
      words: `its rollout is paused: kubectl rollout resume deployment/${deployment}`,
    };
  }
  const homeless = alive.filter(({ node }) => node === undefined);
  if (homeless.length > 0) return { reason: 'Unschedulable', words: withoutNode(homeless) };
  if (replicaFailure !== undefined) return { reason: 'NotMade', words: `pods cannot be made: ${replicaFailure}` };
  const unready = alive.filter(({ ready }) => !ready);
  if (unready.length > 0) return { reason: 'NotReady', words: notReady(unready) };
  const words = rolling
    ? `no pod of its new template stays: kubectl describe deployment/${deployment}`
    : `it has ${alive.length} pods and is told to have ${replicas}: check that the cluster’s controller manager runs`;
  return { reason: 'NotMade', words };
}

function withoutNode(pods: readonly PodView[]): string {
  const told = pods.find(({ unschedulable }) => unschedulable !== undefined)?.unschedulable;
  const [first] = pods;
  const cause = told?.message ?? 'no scheduler says why: check schedulerName and schedulingGates of the template';
  return `${first?.name ?? 'a pod'} finds no node: ${cause}`;
}

function notReady(pods: readonly PodView[]): string {
  const pod = pods.find(({ stuck }) => stuck !== undefined) ?? pods[0];
  const cause =
    pod?.stuck === undefined ? 'look at its events and its log' : `${pod.stuck.reason}: ${pod.stuck.message}`;
  return `${pod?.name ?? 'a pod'} is not Ready on ${pod?.node?.name ?? 'its node'}: ${cause}`;
}

/** The words about a stuck zone, for everything that waits for it. */
export function saysStuck(zone: ZonePicture): string | undefined {
  const stuck = stuckAt(zone);
  return stuck && `${showZone(zone.name)} is stuck: ${stuck.words}`;
}

/*
 * A zone is stuck when it has been at something (a rollout, pods to be made) for the Deployment's progress deadline without
 * another pod getting Ready, by Kubernetes' clock or by ours: a paused Deployment has no deadline there, and pods that fail
 * again and again put it off for ever. Nobody waits for a stuck zone any more:
 *
 * - Its pods on leaving nodes are stood in for as always, and then go by eviction: the budget does not set them apart, so
 *   the allowance is healthy − D, and of its own accord nobody is deleted. A lower count would be the Deployment
 *   controller's to spread over ReplicaSets, in proportion to their size: it may take any pod. An eviction takes the one it
 *   names. The ReplicaSet makes that pod once more, a surplus that stays until the zone moves on, and stands in for the
 *   next one.
 * - A shrink passes only where all its Ready pods are meant to go: then it does not matter which go.
 * - Pods that it lacks are not asked for before others are handed over, as long as demand is met.
 *
 * A rollout does not go on past it: what is stuck in one zone would be stuck in the next.
 */
import type { ConditionReason } from '../api/conditions.ts';
import { surePods } from '../model/pod.ts';
import type { PodView } from '../model/pod.ts';
import type { ZonePicture } from './picture.ts';
import { showZone } from '../api/zone.ts';

/** Why a zone gets no further, and what a person can do. */
export interface Stuck {
  readonly reason: ConditionReason<'ZoneStuck'>;
  readonly words: string;
}

/** What a zone is stuck at; undefined while it moves, may yet move, or has nothing to do. */
export function stuckAt(zone: ZonePicture): Stuck | undefined {
  const { deployment, view, rolling } = zone;
  if (deployment === undefined || view.state === 'lost' || view.unsettledMs === undefined) return undefined;
  const isSeen = deployment.observedGeneration >= deployment.generation;
  const isLate = view.unsettledMs >= deployment.progressDeadlineMs;
  return isLate || (isSeen && rolling && deployment.progressFailed) ? whyStuck(zone, deployment) : undefined;
}

/** Pods wanted in stuck zones that are not sure: others are not to wait for them. */
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
      words: `somebody paused its rollout: kubectl rollout resume deployment/${deployment}`,
    };
  }
  const homeless = alive.filter(({ node }) => node === undefined);
  if (homeless.length > 0) return { reason: 'Unschedulable', words: withoutNode(homeless) };
  if (replicaFailure !== undefined) return { reason: 'NotMade', words: `pods cannot be made: ${replicaFailure}` };
  const unready = alive.filter(({ ready }) => !ready);
  if (unready.length > 0) return { reason: 'NotReady', words: notReady(unready) };
  const words = rolling
    ? `no pod of its new template stays: kubectl describe deployment/${deployment}`
    : `it has ${alive.length} pods and is told to have ${replicas}: does the cluster’s controller manager run?`;
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

/** What is said of a stuck zone wherever something waits for it. */
export function saysStuck(zone: ZonePicture): string | undefined {
  const stuck = stuckAt(zone);
  return stuck && `${showZone(zone.name)} is stuck: ${stuck.words}`;
}

/*
 * Haste: which changes cannot wait for half a second. They are those after which pods may have to be replaced, or the
 * budget raised. Until that is done, an eviction may be granted too many. All others say that what is under way goes as
 * planned, and one look sees several of them.
 */
import { keyOf } from '../api/kubernetes/key.ts';
import { isEqual } from './isEqual.ts';
import type { Change } from '../kube/store.ts';
import type { ChildObject, NodeObject, PodObject } from './objects.ts';
import type { Stores } from './stores.ts';

/**
 * A pod stops serving, finds room after all, or comes to be counted by the budget without being ours. One that is being
 * deleted, or whose node was lost before, serves no more anyway.
 */
export function podCannotWait({ before, after }: Change<PodObject>, stores: Stores): boolean {
  if (before?.deleting === true) return false;
  if (before !== undefined && (after === undefined || after.deleting)) return true;
  if (after === undefined) return false;
  if (before?.unschedulable !== undefined && after.unschedulable === undefined) return true;
  if (before?.readyAt === undefined) return after.readyAt !== undefined && !isOfOurs(after, stores);
  if (after.readyAt === undefined) return isOnReadyNode(after, stores);
  return !isEqual(withoutMark(before), withoutMark(after));
}

/** We set the deletion cost ourselves. */
function withoutMark(pod: PodObject): Omit<PodObject, 'deletionCost'> {
  const { deletionCost: _, ...rest } = pod;
  return rest;
}

/** A node that was Ready is lost, begins to leave, or changes in any other way. */
export function nodeCannotWait({ before }: Change<NodeObject>): boolean {
  return before?.ready === 'True';
}

/** A child goes, or a person or program took a field from us. */
export function childCannotWait({ before, after }: Change<ChildObject>): boolean {
  if (before === undefined) return false;
  if (after === undefined || after.deleting !== before.deleting) return true;
  return before.intentHash === after.intentHash && !isEqual(before.owned, after.owned);
}

function isOnReadyNode({ node }: PodObject, { nodes }: Stores): boolean {
  return nodes.get(keyOf({ name: node }))?.ready === 'True';
}

/** Whether a Deployment of a Kitchen controls the pod's ReplicaSet. */
function isOfOurs({ namespace, controller }: PodObject, { replicaSets, deployments }: Stores): boolean {
  if (controller?.kind !== 'ReplicaSet') return false;
  const set = replicaSets.get(keyOf({ namespace, name: controller.name }));
  if (set?.uid !== controller.uid) return false;
  const deployment = deployments.get(keyOf({ namespace, name: set.name.slice(0, set.name.lastIndexOf('-')) }));
  return deployment?.uid === set.controllerUid && deployment.controller?.kind === 'Kitchen';
}

/*
 * Deleting: tells which children are being deleted, what each of them waits for, and what a person can do.
 *
 * Nothing is written to such a child, because its controller does nothing for it any more. Its name is taken until it
 * is gone; then it is made again. Until then only people can help.
 *
 * Example: the Deployment of zone-a is deleted in the foreground, and one of its pods is on a lost node, so it cannot
 * end. The message names the pod and the node, and says to bring the node back or to delete the pod by force.
 */
import type { Snapshot } from '../../../model/snapshot.ts';
import type { PodView } from '../../../model/pod.ts';
import type { DeletingChild } from '../../../model/child.ts';
import type { Picture, ZonePicture } from '../picture.ts';
import type { Problem, Wait } from '../../../model/plan.ts';
import { count, heldBy } from '../../../model/words.ts';
import { showZone } from '../../../api/zone.ts';

interface Going {
  readonly kind: string;
  readonly child: DeletingChild;
  readonly awaited: string;
  /** What is true until it is gone. */
  readonly meanwhile: string;
}

/** For each child that is being deleted: what it waits for, and what helps. */
export function childrenDeleting(picture: Picture): readonly Problem[] {
  return goingIn(picture).map(({ kind, child, awaited, meanwhile }) => ({
    kind: 'ChildDeleting',
    reason: 'WaitsForDeletion',
    message: `${kind} ${child.name} is being deleted and waits for ${awaited}; it is made again when it is gone; until then ${meanwhile}`,
  }));
}

/** For each child that is being deleted: the wait until it can be made again. */
export function waitsForDeletion(picture: Picture): readonly Wait[] {
  return goingIn(picture).map(({ kind, child, awaited }) => ({
    what: `make ${kind} ${child.name} again`,
    why: `it is being deleted and waits for ${awaited}`,
    lookAgainMs: undefined,
  }));
}

/** The only problem of a station whose namespace is being deleted. */
export function namespaceTerminating({ station }: Snapshot): Problem {
  const message = `namespace ${station.metadata.namespace ?? ''} is being deleted: nothing can be made in it, and the operator does nothing there; make the Kitchen in another namespace`;
  return { kind: 'ChildDeleting', reason: 'NamespaceTerminating', message };
}

function goingIn({ snapshot: { service, budget }, zones }: Picture): readonly Going[] {
  const found: Going[] = zones.flatMap((zone) => goingZone(zone) ?? []);
  if (service.state === 'deleting') {
    const meanwhile = 'its ports stay as they are';
    found.push({ kind: 'Service', child: service, awaited: ownersOf(service), meanwhile });
  }
  if (budget.state === 'deleting') {
    const meanwhile = 'it guards as it is, but no pod is handed over and no template is rolled out';
    found.push({ kind: 'PodDisruptionBudget', child: budget, awaited: ownersOf(budget), meanwhile });
  }
  return found;
}

function goingZone({ name, view }: ZonePicture): Going | undefined {
  const child = view.deployment;
  if (child.state !== 'deleting') return undefined;
  const awaited = heldBy(child) === '' ? podsAwaited(view.pods) : ownersOf(child);
  const meanwhile = `no pod is made in ${showZone(name)}, and the other zones make its share`;
  return { kind: 'Deployment', child, awaited, meanwhile };
}

function ownersOf(child: DeletingChild): string {
  const held = heldBy(child);
  return held === '' ? 'what it owns' : `what holds it${held}: the program that set it must take it off, or you do`;
}

/** A pod that cannot end by itself is named first. */
function podsAwaited(pods: readonly PodView[]): string {
  const held = pods.find(({ finalizers }) => finalizers.length > 0);
  if (held !== undefined) return `pod ${held.name}${heldBy(held)}: the program that set it must take it off, or you do`;
  const dead = pods.find(({ node }) => node?.state === 'lost' || node?.state === 'gone');
  if (dead?.node !== undefined) {
    return `pod ${dead.name} on ${dead.node.name}, which is ${dead.node.state}: bring the node back, or delete the pod by force`;
  }
  if (pods.length > 0) return `${count(pods.length, 'pod')} to end`;
  return 'what it owns: kubectl get replicasets,pods shows what is left';
}

/*
 * Children that are being deleted: nothing is written to them, for their controllers do nothing more, and the name is taken until
 * they are gone. Each is made again then; till then people are told whom it waits for, since only they can help.
 */
import type { Snapshot } from '../model/snapshot.ts';
import type { PodView } from '../model/pod.ts';
import type { DeletingChild } from '../model/child.ts';
import type { Picture, ZonePicture } from './picture.ts';
import type { Problem, Wait } from '../model/plan.ts';
import { count } from './picture.ts';
import { showZone } from '../api/zone.ts';

/** Put on an object by a delete that waits for what the object owns. */
const FOREGROUND = 'foregroundDeletion';

interface Going {
  readonly kind: string;
  readonly child: DeletingChild;
  readonly awaited: string;
  /** What is so till it is gone. */
  readonly meanwhile: string;
}

/** Each child that is being deleted, whom it waits for, and what helps. */
export function childrenDeleting(picture: Picture): readonly Problem[] {
  return goingIn(picture).map(({ kind, child, awaited, meanwhile }) => ({
    kind: 'ChildDeleting',
    reason: 'WaitsForDeletion',
    message: `${kind} ${child.name} is being deleted and waits for ${awaited}; it is made again when it is gone; till then ${meanwhile}`,
  }));
}

/** The same as what is waited for. */
export function waitsForDeletion(picture: Picture): readonly Wait[] {
  return goingIn(picture).map(({ kind, child, awaited }) => ({
    what: `make ${kind} ${child.name} again`,
    why: `it is being deleted and waits for ${awaited}`,
    lookAgainMs: undefined,
  }));
}

/** The whole of what there is to say of a station whose namespace is going. */
export function namespaceTerminating({ station }: Snapshot): Problem {
  const message = `namespace ${station.metadata.namespace ?? ''} is being deleted: nothing can be made in it, and nothing is tried; make the Kitchen in another namespace`;
  return { kind: 'ChildDeleting', reason: 'NamespaceTerminating', message };
}

/** In words, after what is being deleted: who has yet to let go of it. */
export function heldBy({ finalizers }: Pick<DeletingChild, 'finalizers'>): string {
  const others = finalizers.filter((finalizer) => finalizer !== FOREGROUND);
  return others.length === 0 ? '' : ` (${others.length === 1 ? 'finalizer' : 'finalizers'} ${others.join(', ')})`;
}

function goingIn({ snapshot: { service, budget }, zones }: Picture): readonly Going[] {
  const found: Going[] = zones.flatMap((zone) => goingZone(zone) ?? []);
  if (service.state === 'deleting') {
    const meanwhile = 'no port of it is changed';
    found.push({ kind: 'Service', child: service, awaited: ownersOf(service), meanwhile });
  }
  if (budget.state === 'deleting') {
    const meanwhile = 'it guards as it is, and no pod is handed over, nor a template rolled out';
    found.push({ kind: 'PodDisruptionBudget', child: budget, awaited: ownersOf(budget), meanwhile });
  }
  return found;
}

function goingZone({ name, view }: ZonePicture): Going | undefined {
  const child = view.deployment;
  if (child.state !== 'deleting') return undefined;
  const awaited = heldBy(child) === '' ? podsAwaited(view.pods) : ownersOf(child);
  const meanwhile = `${showZone(name)} makes no pod, and the other zones have its share`;
  return { kind: 'Deployment', child, awaited, meanwhile };
}

function ownersOf(child: DeletingChild): string {
  const held = heldBy(child);
  return held === '' ? 'what it owns' : `those who have yet to let go of it${held}: they must, or you take that off`;
}

/** The pod that cannot end by itself comes first. */
function podsAwaited(pods: readonly PodView[]): string {
  const held = pods.find(({ finalizers }) => finalizers.length > 0);
  if (held !== undefined) return `pod ${held.name}${heldBy(held)}: whoever set that must take it off, or you do`;
  const dead = pods.find(({ node }) => node?.state === 'lost' || node?.state === 'gone');
  if (dead?.node !== undefined) {
    return `pod ${dead.name} on ${dead.node.name}, which is ${dead.node.state}: bring the node back, or delete the pod by force`;
  }
  if (pods.length > 0) return `${count(pods.length, 'pod')} to end`;
  return 'what it owns: kubectl get replicasets,pods shows what is left';
}

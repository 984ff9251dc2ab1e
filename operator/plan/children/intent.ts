/*
 * An intent is held when the live object carries its hash and our manager still owns every field of it. Comparing values
 * would never settle: the API server writes "1000m" as "1", and webhooks add what they like.
 */
import type { Child, ChildView, Json, JsonObject, Snapshot } from '../../observe/snapshot.ts';
import type { Intent } from '../plan.ts';
import { annotations, childLabels } from '../../api/labels.ts';
import { hashOf } from '../../api/hash.ts';
import { isOwned } from '../../kube/managedfields.ts';
import type { KubeObject } from '../../kube/object.ts';

const apiVersions = { Deployment: 'apps/v1', Service: 'v1', PodDisruptionBudget: 'policy/v1' } as const;

/** What differs from child to child. */
export interface ChildBody {
  readonly kind: Intent['kind'];
  readonly name: string;
  readonly live: Child<ChildView>;
  readonly labels?: JsonObject;
  readonly annotations?: JsonObject;
  readonly spec: JsonObject;
  /** Stands for the spec in the hash, where two ways of writing the same thing must not differ. */
  readonly hashedAs?: JsonObject;
}

/** The whole of what we want of one child, owned by its Kitchen. */
export function childIntent(snapshot: Snapshot, child: ChildBody): Intent {
  const { station } = snapshot;
  const { kitchen, station: name } = station.spec;
  const labels = { ...childLabels(kitchen, name), ...child.labels };
  const owners = (station.metadata.ownerReferences ?? []).filter((owner) => owner.controller === true);
  const ownerReferences = owners as unknown as readonly Json[];
  const about = { labels, annotations: child.annotations ?? {}, ownerReferences };
  const hash = hashOf({ ...about, spec: child.hashedAs ?? child.spec });
  const namespace = station.metadata.namespace ?? '';
  const metadata = {
    name: child.name,
    namespace,
    // Of a name alone, also with a resource version, an apply makes what is gone anew: a zone that was just deleted, with no guard.
    ...(child.live.state === 'ours' ? { uid: child.live.uid } : {}),
    ...about,
    annotations: { ...about.annotations, [annotations.intent]: hash },
  };
  const body: JsonObject = { apiVersion: apiVersions[child.kind], kind: child.kind, metadata, spec: child.spec };
  const intent: Intent = { kind: child.kind, name: child.name, namespace, resourceVersion: undefined, body };
  const kitchenUid = owners[0]?.uid ?? '';
  return child.live.state === 'absent' ? { ...intent, newFor: { kitchenUid, kitchen, station: name } } : intent;
}

/** Whether the live child already is what the intent asks for. */
export function isHeld(view: ChildView, intent: Pick<Intent, 'body'>): boolean {
  return (
    carriesHash(view, intent) && view.owned !== undefined && isOwned(view.owned, intent.body as unknown as KubeObject)
  );
}

/** Whether the intent is the one that was applied last, whatever others changed since. */
export function carriesHash(view: ChildView, intent: Pick<Intent, 'body'>): boolean {
  return view.intentHash === intentHashOf(intent);
}

/** The intent with the condition that the live object, which its uid names, still has this version. */
export function onlyIf(resourceVersion: string, intent: Intent): Intent {
  const metadata = { ...(intent.body['metadata'] as JsonObject), resourceVersion };
  return { ...intent, resourceVersion, body: { ...intent.body, metadata } };
}

function intentHashOf(intent: Pick<Intent, 'body'>): string | undefined {
  const metadata = intent.body['metadata'] as { readonly annotations?: Readonly<Record<string, string>> };
  return metadata.annotations?.[annotations.intent];
}

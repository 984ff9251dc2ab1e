import { annotations, fieldManagers } from '../api/labels.ts';
import type { Client, RemoveOptions } from '../kube/client.ts';
import type { JsonObject } from '../api/kubernetes/json.ts';
import type { KubeObject } from '../api/kubernetes/object.ts';
import { deployments, pods } from '../api/kubernetes/resource.ts';
import type { Resource } from '../api/kubernetes/resource.ts';
import type { Ref } from '../kube/path.ts';
import { withServiceAccount } from './serviceAccount.ts';

/**
 * What a write needs: the client, and a function that puts the answer into the stores, so that the next pass sees it.
 */
export interface Writing {
  readonly client: Client;
  readonly learn: (resource: Resource, object: KubeObject) => void;
}

/** A whole intent, and the object that it goes to. */
export interface Applied {
  readonly at: Ref;
  readonly body: KubeObject;
  readonly doing: string;
}

/** Applies the full intent of a child, and takes over the fields that others changed. */
export async function applyIntent(writing: Writing, { at, body, doing }: Applied): Promise<KubeObject> {
  const whole = withServiceAccount(body);
  const object = await writing.client.apply(at, whole, { fieldManager: fieldManagers.operator, force: true, doing });
  writing.learn(at.resource, object);
  return object;
}

/** The figures of an object, and the version of it on which they were decided. */
interface Figures {
  readonly at: Ref;
  readonly uid: string;
  readonly resourceVersion: string | undefined;
  readonly figures: JsonObject;
  readonly doing: string;
}

/**
 * Writes figures of a spec alone, and takes them over where others changed them. Refused as stale when the object was
 * made again under the same name, or has changed since the given version.
 */
export async function patchFigures(writing: Writing, { at, figures, doing, ...seen }: Figures): Promise<KubeObject> {
  const { uid, resourceVersion } = seen;
  const metadata = { uid, ...(resourceVersion === undefined ? {} : { resourceVersion }) };
  const options = { type: 'merge', fieldManager: fieldManagers.operator, doing } as const;
  const object = await writing.client.patch(at, { metadata, spec: figures }, options);
  writing.learn(at.resource, object);
  return object;
}

/** A pod and its new deletion cost; `null` removes the annotation. */
export interface Costed {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly cost: string | null;
  readonly doing: string;
}

/**
 * Sets a pod's deletion cost. Refused as stale when the pod was made again under the same name: it then has another
 * UID.
 */
export async function setDeletionCost(writing: Writing, pod: Costed): Promise<KubeObject> {
  const at: Ref = { resource: pods, namespace: pod.namespace, name: pod.name };
  const patch = { metadata: { uid: pod.uid, annotations: { [annotations.podDeletionCost]: pod.cost } } };
  const options = { type: 'merge', fieldManager: fieldManagers.operator, doing: pod.doing } as const;
  const object = await writing.client.patch(at, patch, options);
  writing.learn(pods, object);
  return object;
}

/** A Deployment, and how often we will have told its ReplicaSet to try. */
interface Told {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly times: number;
  readonly doing: string;
}

/**
 * Makes the ReplicaSet of a Deployment try at once. Refused as stale when the Deployment was made again under the same
 * name.
 */
export async function tellToTry(writing: Writing, told: Told): Promise<KubeObject> {
  const at: Ref = { resource: deployments, namespace: told.namespace, name: told.name };
  const patch = { metadata: { uid: told.uid, annotations: { [annotations.timesTold]: String(told.times) } } };
  const options = { type: 'merge', fieldManager: fieldManagers.operator, doing: told.doing } as const;
  const object = await writing.client.patch(at, patch, options);
  writing.learn(deployments, object);
  return object;
}

/** Deletes an object in exactly the version that we saw. Refused as stale when it has changed or was made again. */
export async function removeAsSeen(
  writing: Writing,
  at: Ref,
  seen: Pick<RemoveOptions, 'doing'> & { readonly uid: string; readonly resourceVersion: string },
): Promise<void> {
  await writing.client.remove(at, { ...seen, propagation: 'Background' });
}

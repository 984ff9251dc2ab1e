import { API_VERSION, fieldManagers } from '../api/labels.ts';
import type { NamedMeta } from '../api/object.ts';
import type { Client } from '../kube/client.ts';
import type { KubeObject } from '../api/kubernetes/object.ts';
import type { Resource } from '../api/kubernetes/resource.ts';

/** What a status write needs: the client, and a function that takes in the answer. */
export interface StatusWriting {
  readonly client: Client;
  readonly learn: (resource: Resource, object: KubeObject) => void;
}

/** An object and the status it is to have. */
export interface StatusOf<S> {
  readonly resource: Resource;
  readonly metadata: NamedMeta;
  readonly before: S | undefined;
  readonly after: S;
}

/**
 * Writes a status if it differs from the one that is there; returns whether it did. With the uid, the write fails for
 * an object that was made again under the same name.
 */
export async function writeStatus<S extends object>(writing: StatusWriting, status: StatusOf<S>): Promise<boolean> {
  if (isTold(status)) return false;
  const { resource, metadata, after } = status;
  const { name, namespace, uid } = metadata;
  if (namespace === undefined || uid === undefined) throw new Error(`${resource.kind} ${name} has no namespace or uid`);
  const body = { apiVersion: API_VERSION, kind: resource.kind, metadata: { name, namespace, uid }, status: after };
  const doing = `writing the status of ${resource.kind} ${name}`;
  const options = { fieldManager: fieldManagers.status, force: true, doing };
  writing.learn(
    resource,
    await writing.client.apply({ resource, namespace, name, subresource: 'status' }, body, options),
  );
  return true;
}

/** Whether the status that is there says the same already. */
export function isTold<S extends object>({ before, after }: StatusOf<S>): boolean {
  return before !== undefined && saysTheSame(before, after);
}

/** The API server may return lists with keys in another order. Compared in every pass, so the first difference ends it. */
function saysTheSame(before: object, after: object): boolean {
  const { conditions: someConditions, zones: someZones, ...some } = before as Keyed;
  const { conditions: otherConditions, zones: otherZones, ...others } = after as Keyed;
  return isSame(some, others) && haveTheSame(someConditions, otherConditions) && haveTheSame(someZones, otherZones);
}

interface Keyed {
  readonly conditions?: readonly unknown[];
  readonly zones?: readonly unknown[];
}

function haveTheSame(some: readonly unknown[] | undefined, others: readonly unknown[] | undefined): boolean {
  if (some === undefined || others === undefined) return some === others;
  return some.length === others.length && some.every((one) => others.some((other) => isSame(one, other)));
}

/** Whether both are the same JSON: what is undefined is not there. */
function isSame(some: unknown, others: unknown): boolean {
  if (some === others) return true;
  if (typeof some !== 'object' || typeof others !== 'object' || some === null || others === null) return false;
  if (Array.isArray(some) !== Array.isArray(others)) return false;
  const [one, other] = [some, others] as readonly Readonly<Record<string, unknown>>[];
  return [...new Set([...Object.keys(some), ...Object.keys(others)])].every((key) => isSame(one?.[key], other?.[key]));
}

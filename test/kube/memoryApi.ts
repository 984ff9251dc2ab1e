import { randomUUID } from 'node:crypto';
import type { KubeObject, ObjectMeta } from '../../operator/api/kubernetes/object.ts';

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface MemoryEvent {
  readonly type: string;
  readonly collection: string;
  readonly object: KubeObject;
}

interface Place {
  /** The path of the collection without its namespace. */
  readonly collection: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
}

const served = ['/api/v1/', '/apis/coordination.k8s.io/v1/', '/apis/events.k8s.io/v1/', '/apis/apps/v1/'];
const configMapFields = new Set(['apiVersion', 'kind', 'metadata', 'data', 'binaryData', 'immutable']);

/** A `Status` as the API server words failures. */
export function statusOf(code: number, reason: string, told: { message: string; details?: object }): ApiAnswer {
  return { status: code, body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, ...told } };
}

/** As much of an API server as the client's contract needs, in memory: versions, preconditions, pages, history. */
export class MemoryApi {
  readonly history: (MemoryEvent & { readonly version: number })[] = [];
  /** Watches and pages from before this version have expired. */
  oldest = 0;
  #version = 100;
  readonly #objects = new Map<string, { readonly collection: string; readonly object: KubeObject }>();
  readonly #pages = new Map<string, readonly KubeObject[]>();
  readonly #listeners = new Set<(event: MemoryEvent) => void>();

  get version(): string {
    return String(this.#version);
  }

  onEvent(listener: (event: MemoryEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Forgets all history: what a client knows is too old to go on from. */
  compact(): void {
    this.oldest = this.#version + 1;
    this.#pages.clear();
    this.#version += 1;
  }

  /** As if restored from a backup taken at an earlier version. */
  goBackTo(version: number): void {
    this.#version = version;
    this.history.splice(0);
  }

  handle(request: ApiRequest): ApiAnswer {
    if (request.path === '/version') return { status: 200, body: { gitVersion: 'v1.37.2' } };
    const place = placeOf(request.path);
    if (place === undefined) return { status: 404, body: '404 page not found' };
    const { method } = request;
    if (method === 'GET') return place.name === undefined ? this.#list(place, request) : this.#get(place);
    if (method === 'POST') return this.#create(place, request.body as KubeObject);
    if (method === 'DELETE') return this.#remove(place, request.body as { preconditions?: ObjectMeta });
    if (method !== 'PATCH') return statusOf(405, 'MethodNotAllowed', { message: `${method} is not supported` });
    const applies = String(request.headers['content-type']).includes('apply-patch');
    const exists = this.#objects.has(keyOf(place));
    if (applies && !exists) return this.#applyNew(place, request.body as KubeObject);
    return exists ? this.#patch(place, request.body as KubeObject) : notFound(place);
  }

  put(collection: string, object: KubeObject): KubeObject {
    const key = keyOf({ collection, namespace: object.metadata.namespace, name: object.metadata.name });
    const type = this.#objects.has(key) ? 'MODIFIED' : 'ADDED';
    this.#version += 1;
    const metadata = { uid: randomUUID(), ...object.metadata, resourceVersion: this.version };
    const stored = { ...object, metadata };
    this.#objects.set(key, { collection, object: stored });
    this.#tell({ type, collection, object: stored });
    return stored;
  }

  drop(collection: string, namespace: string | undefined, name: string): void {
    const key = keyOf({ collection, namespace, name });
    const stored = this.#objects.get(key)?.object;
    if (stored === undefined) return;
    this.#objects.delete(key);
    this.#version += 1;
    const object = { ...stored, metadata: { ...stored.metadata, resourceVersion: this.version } };
    this.#tell({ type: 'DELETED', collection, object });
  }

  #tell(event: MemoryEvent): void {
    this.history.push({ ...event, version: this.#version });
    for (const listener of this.#listeners) listener(event);
  }

  #get(place: Place): ApiAnswer {
    const object = this.#objects.get(keyOf(place))?.object;
    return object === undefined ? notFound(place) : { status: 200, body: object };
  }

  #list(place: Place, request: ApiRequest): ApiAnswer {
    const { query } = request;
    const token = query.get('continue');
    const [version = this.version, from = '0'] = token?.split(':') ?? [];
    const items = token === null ? this.#select(place, query) : this.#pages.get(version);
    if (items === undefined) return statusOf(410, 'Expired', { message: 'The provided continue parameter is too old' });
    this.#pages.set(version, items);
    const end = Number(from) + Number(query.get('limit') ?? items.length);
    const next = end < items.length ? { continue: `${version}:${end}` } : {};
    const metadata = { resourceVersion: version, ...next };
    return {
      status: 200,
      body: { kind: 'List', metadata, items: items.slice(Number(from), end).map((item) => asAsked(request, item)) },
    };
  }

  #select(place: Place, query: URLSearchParams): readonly KubeObject[] {
    const inPlace = [...this.#objects.values()].filter(
      ({ collection, object }) =>
        collection === place.collection && (place.namespace ?? object.metadata.namespace) === object.metadata.namespace,
    );
    return inPlace.map(({ object }) => object).filter((object) => selects(query, object));
  }

  #create(place: Place, object: KubeObject, status = 201): ApiAnswer {
    const name = object.metadata.name ?? `${object.metadata.generateName}${randomUUID().slice(0, 5)}`;
    const named = {
      ...object,
      metadata: { ...object.metadata, name, ...(place.namespace && { namespace: place.namespace }) },
    };
    const unknown =
      place.collection.endsWith('/configmaps') && Object.keys(object).find((key) => !configMapFields.has(key));
    if (unknown) return statusOf(400, 'BadRequest', { message: `strict decoding error: unknown field "${unknown}"` });
    if (!/^[a-z0-9.-]+$/.test(name)) {
      const causes = [{ reason: 'FieldValueInvalid', message: `Invalid value: "${name}"`, field: 'metadata.name' }];
      return statusOf(422, 'Invalid', { message: `"${name}" is invalid`, details: { causes } });
    }
    if (this.#objects.has(keyOf({ ...place, name })))
      return statusOf(409, 'AlreadyExists', { message: `"${name}" already exists` });
    return { status, body: this.put(place.collection, named) };
  }

  /** As the real one: a resource version alone does not keep an apply from making what is gone; a uid does. */
  #applyNew(place: Place, { metadata, ...rest }: KubeObject): ApiAnswer {
    const { uid, resourceVersion: _, ...about } = metadata;
    if (uid === undefined) return this.#create(place, { ...rest, metadata: about });
    return statusOf(409, 'Conflict', { message: `uid mismatch: ${uid} was given, and no existing object was found` });
  }

  #patch(place: Place, patch: KubeObject): ApiAnswer {
    const stored = this.#objects.get(keyOf(place))?.object;
    if (stored === undefined) return notFound(place);
    const { uid, resourceVersion } = stored.metadata;
    const asked = patch.metadata ?? {};
    if ((asked.uid ?? uid) !== uid || (asked.resourceVersion ?? resourceVersion) !== resourceVersion) {
      return statusOf(409, 'Conflict', {
        message: 'the object has been modified; please apply your changes to the latest version',
      });
    }
    return { status: 200, body: this.put(place.collection, merge(stored, patch) as KubeObject) };
  }

  #remove(place: Place, options: { preconditions?: ObjectMeta } | undefined): ApiAnswer {
    const stored = this.#objects.get(keyOf(place))?.object;
    if (stored === undefined || place.name === undefined) return notFound(place);
    const { uid, resourceVersion } = options?.preconditions ?? {};
    const { metadata } = stored;
    if (
      (uid ?? metadata.uid) !== metadata.uid ||
      (resourceVersion ?? metadata.resourceVersion) !== metadata.resourceVersion
    ) {
      return statusOf(409, 'Conflict', { message: 'Precondition failed: UID or resourceVersion' });
    }
    this.drop(place.collection, place.namespace, place.name);
    return { status: 200, body: { kind: 'Status', status: 'Success' } };
  }
}

/** Splits a path; undefined for a group that is not served. */
export function placeOf(path: string): Place | undefined {
  const root = served.find((prefix) => path.startsWith(prefix));
  if (root === undefined) return undefined;
  const parts = path.slice(root.length).split('/');
  const namespace = parts[0] === 'namespaces' && parts.length > 2 ? parts[1] : undefined;
  const [plural = '', name] = namespace === undefined ? parts : parts.slice(2);
  return { collection: root + plural, namespace, name };
}

/** The object as the request wants it: whole, or its metadata alone. */
export function asAsked({ headers }: ApiRequest, object: KubeObject): KubeObject {
  if (!String(headers['accept']).startsWith('application/json;as=PartialObjectMetadata')) return object;
  return { apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadata', metadata: object.metadata };
}

export function selects(query: URLSearchParams, object: KubeObject): boolean {
  const selector = query.get('labelSelector');
  if (selector === null) return true;
  return selector.split(',').every((term) => {
    const [label = '', value] = term.split('=');
    return object.metadata.labels?.[label] === value;
  });
}

function keyOf({ collection, namespace, name }: { [K in keyof Place]?: string | undefined }): string {
  return `${collection} ${namespace ?? ''} ${name ?? ''}`;
}

function notFound(place: Place): ApiAnswer {
  return statusOf(404, 'NotFound', { message: `"${place.name}" not found`, details: { name: place.name } });
}

function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const merged: Record<string, unknown> = { ...(target as Record<string, unknown>) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = merge(merged[key], value);
  }
  return merged;
}

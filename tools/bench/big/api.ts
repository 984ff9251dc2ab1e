import { isDeepStrictEqual } from 'node:util';
import type { FieldsV1, KubeObject, ObjectMeta } from '../../../operator/api/kubernetes/object.ts';
import { isRecord, mergePatch } from './mergePatch.ts';

/** An object with any fields. */
export type Thing = KubeObject & Readonly<Record<string, unknown>>;

/** The path of a collection without its namespace (`/apis/apps/v1/deployments`), and where in it an object is. */
export interface Spot {
  readonly collection: string;
  readonly namespace: string;
  readonly name: string;
}

export interface Told {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly collection: string;
  readonly before: Thing | undefined;
  readonly object: Thing;
}

/** A write that the API server refuses. */
export class Refused extends Error {
  readonly code: number;
  readonly reason: string;

  constructor(code: number, reason: string, message: string) {
    super(message);
    this.code = code;
    this.reason = reason;
  }
}

/** As much of an API server as the operator needs, in memory. Objects are never changed, only replaced. */
export class SimulatedApi {
  #collections = new Map<string, Map<string, Thing>>();
  readonly #listeners = new Set<(told: Told) => void>();
  #version = 1;
  #uids = 0;

  get version(): string {
    return String(this.#version);
  }

  onChange(listener: (told: Told) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  list(collection: string, namespace = ''): readonly Thing[] {
    const all = [...(this.#collections.get(collection)?.values() ?? [])];
    return namespace === '' ? all : all.filter(({ metadata }) => metadata.namespace === namespace);
  }

  get(spot: Spot): Thing | undefined {
    return this.#collections.get(spot.collection)?.get(keyIn(spot));
  }

  /** Stores an object as a controller of the cluster writes it, status and all. */
  put(collection: string, object: KubeObject): Thing {
    const { namespace = '', name = '' } = object.metadata;
    return this.#store({ collection, namespace, name }, object as Thing);
  }

  drop(spot: Spot): void {
    const object = this.get(spot);
    if (object === undefined) return;
    this.#collections.get(spot.collection)?.delete(keyIn(spot));
    this.#version += 1;
    const metadata = { ...object.metadata, resourceVersion: this.version };
    this.#tell({ type: 'DELETED', collection: spot.collection, before: object, object: { ...object, metadata } });
  }

  /** Server-side apply by one manager that always takes over; lists are replaced as a whole. */
  apply(
    spot: Spot,
    intent: Thing,
    { manager, subresource }: { readonly manager: string; readonly subresource: string },
  ): Thing {
    const before = this.get(spot);
    if (subresource !== '') {
      if (before === undefined) throw notFound(spot);
      return this.#store(spot, { ...before, [subresource]: intent[subresource] });
    }
    this.#check(before, intent.metadata);
    const { resourceVersion: _, uid: __, ...about } = intent.metadata;
    const owner = {
      manager,
      operation: 'Apply',
      fieldsType: 'FieldsV1',
      fieldsV1: fieldsOf({ ...intent, metadata: about }),
    };
    const merged = mergePatch(before ?? {}, { ...intent, metadata: about }) as Thing;
    return this.#store(spot, { ...merged, metadata: { ...merged.metadata, managedFields: [owner] } } as Thing);
  }

  /** A merge patch. */
  patch(spot: Spot, patch: Readonly<Record<string, unknown>>, subresource: string): Thing {
    const before = this.get(spot);
    if (before === undefined) throw notFound(spot);
    this.#check(before, patch['metadata'] ?? {});
    const part = subresource === '' ? patch : { [subresource]: patch[subresource] };
    return this.#store(spot, mergePatch(before, part) as Thing);
  }

  create(spot: Spot, object: Thing): Thing {
    if (this.get(spot) !== undefined) throw new Refused(409, 'AlreadyExists', `${spot.name} already exists`);
    return this.#store(spot, object);
  }

  remove(spot: Spot, preconditions: Pick<ObjectMeta, 'uid' | 'resourceVersion'>): void {
    const before = this.get(spot);
    if (before === undefined) throw notFound(spot);
    this.#check(before, preconditions);
    this.drop(spot);
  }

  /** What is there now, to go back to. */
  save(): () => void {
    const saved = new Map([...this.#collections].map(([collection, objects]) => [collection, new Map(objects)]));
    return () => {
      this.#collections = new Map([...saved].map(([collection, objects]) => [collection, new Map(objects)]));
      this.#version += 1;
    };
  }

  #store({ collection, namespace, name }: Spot, object: Thing): Thing {
    const spot = { collection, namespace, name };
    const objects = this.#collections.get(collection) ?? new Map<string, Thing>();
    this.#collections.set(collection, objects);
    const before = objects.get(keyIn(spot));
    this.#version += 1;
    const { generation = 0, uid = `00000000-0000-4000-8000-${String((this.#uids += 1)).padStart(12, '0')}` } =
      before?.metadata ?? {};
    const isSame = before !== undefined && isDeepStrictEqual(before['spec'], object['spec']);
    const stored: Thing = {
      ...object,
      metadata: {
        creationTimestamp: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
        ...object.metadata,
        name,
        ...(namespace === '' ? {} : { namespace }),
        uid,
        generation: isSame ? generation : generation + 1,
        resourceVersion: this.version,
      },
    };
    objects.set(keyIn(spot), stored);
    this.#tell({ type: before === undefined ? 'ADDED' : 'MODIFIED', collection, before, object: stored });
    return stored;
  }

  #tell(told: Told): void {
    for (const listener of this.#listeners) listener(told);
  }

  #check(before: Thing | undefined, asked: Pick<ObjectMeta, 'uid' | 'resourceVersion'>): void {
    const { uid, resourceVersion } = before?.metadata ?? {};
    const isStale =
      asked.resourceVersion !== undefined && before !== undefined && asked.resourceVersion !== resourceVersion;
    if (isStale || (asked.uid !== undefined && asked.uid !== uid)) {
      throw new Refused(409, 'Conflict', 'the object has been modified');
    }
  }
}

function keyIn({ namespace, name }: Spot): string {
  return `${namespace}/${name}`;
}

function notFound({ name }: Spot): Refused {
  return new Refused(404, 'NotFound', `"${name}" not found`);
}

/** Every field of a value as owned; lists as a whole. */
function fieldsOf(value: unknown): FieldsV1 {
  if (!isRecord(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [`f:${key}`, fieldsOf(inner)]));
}

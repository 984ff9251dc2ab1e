import type {
  ApplyOptions,
  CallOptions,
  Client,
  List,
  ListOptions,
  Page,
  PageOptions,
  PatchOptions,
  RawCall,
  RemoveOptions,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from './client.ts';
import { ApiError } from './errors.ts';
import type { KubeObject } from '../api/kubernetes/object.ts';
import { readPages } from './pages.ts';
import { apiVersionOf } from '../api/kubernetes/resource.ts';
import { describe, pathOf } from './path.ts';
import type { Resource } from '../api/kubernetes/resource.ts';
import type { Ref, Scope } from './path.ts';
import { Transport } from './transport.ts';
import type { Call, TransportOptions } from './transport.ts';
import { readWatch } from './watch.ts';

const patchTypes = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
};
const defaultIdleMs = 150_000;
/** A server that does not know partial objects sends whole ones, which only costs bytes. */
const partial = { one: acceptOf('PartialObjectMetadata'), list: acceptOf('PartialObjectMetadataList') };

/** Makes a client; no connection is opened before the first call. */
export function connect(options: TransportOptions): Client {
  return new HttpClient(new Transport(options));
}

class HttpClient implements Client {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async get<T extends KubeObject>(at: Ref, options: CallOptions = {}): Promise<T> {
    return this.#object<T>({ ...callFor('get', at, options), method: 'GET' });
  }

  async list<T extends KubeObject>(of: Scope, options: ListOptions = {}): Promise<List<T>> {
    const items: T[] = [];
    const resourceVersion = await readPages<T>(
      (limit, continueToken) => this.page<T>(of, { ...options, ...defined({ limit, continueToken }) }),
      { page: (some) => items.push(...some), restart: () => items.splice(0) },
    );
    return { items, resourceVersion };
  }

  async page<T extends KubeObject>(of: Scope, options: PageOptions = {}): Promise<Page<T>> {
    const { labelSelector, fieldSelector, metadataOnly, limit, continueToken } = options;
    const query = { labelSelector, fieldSelector, limit, continue: continueToken };
    const accept = metadataOnly === true ? partial.list : undefined;
    const call: Call = { ...callFor('list', of, options), method: 'GET', query, ...defined({ accept }) };
    const answer = (await this.#transport.call(call)) as RawList<T>;
    const { resourceVersion, continue: next } = answer.metadata ?? {};
    if (resourceVersion === undefined) throw malformed(call, 'a list without a resource version');
    const items = (answer.items ?? []).map((item) => completed(item, of.resource));
    return { items, resourceVersion, ...(next === undefined || next === '' ? {} : { continueToken: next }) };
  }

  async create<T extends KubeObject>(
    at: Scope & Partial<Ref>,
    object: KubeObject,
    options: WriteOptions = {},
  ): Promise<T> {
    return this.#object<T>({
      ...callFor('create', at, options),
      method: 'POST',
      query: writeQuery(options),
      body: object,
    });
  }

  async apply<T extends KubeObject>(at: Ref, intent: KubeObject, options: ApplyOptions): Promise<T> {
    return this.#object<T>({
      ...callFor('apply', at, options),
      method: 'PATCH',
      query: { ...writeQuery(options), force: options.force },
      body: { apiVersion: apiVersionOf(at.resource), kind: at.resource.kind, ...intent },
      contentType: 'application/apply-patch+yaml',
    });
  }

  async patch<T extends KubeObject>(at: Ref, patch: unknown, options: PatchOptions): Promise<T> {
    return this.#object<T>({
      ...callFor('patch', at, options),
      method: 'PATCH',
      query: writeQuery(options),
      body: patch,
      contentType: patchTypes[options.type],
    });
  }

  async remove(at: Ref, options: RemoveOptions = {}): Promise<void> {
    const { uid, resourceVersion, propagation } = options;
    const preconditions = defined({ uid, resourceVersion });
    await this.#transport.call({
      ...callFor('remove', at, options),
      method: 'DELETE',
      query: options.dryRun === true ? { dryRun: 'All' } : {},
      body: { apiVersion: 'v1', kind: 'DeleteOptions', preconditions, ...defined({ propagationPolicy: propagation }) },
    });
  }

  watch<T extends KubeObject>(of: Scope, options: WatchOptions): AsyncIterable<WatchEvent<T>> {
    const { labelSelector, fieldSelector, metadataOnly, resourceVersion, timeoutSeconds, signal } = options;
    const accept = metadataOnly === true ? partial.one : undefined;
    const call = { ...callFor('watch', of, defined({ signal })), ...defined({ accept }) };
    const query = {
      watch: true,
      allowWatchBookmarks: true,
      labelSelector,
      fieldSelector,
      resourceVersion,
      timeoutSeconds,
    };
    return readWatch<T>({
      doing: call.doing,
      idleMs: options.idleMs ?? defaultIdleMs,
      open: () => this.#transport.stream({ ...call, method: 'GET', query }),
    });
  }

  async request<T = unknown>(call: RawCall): Promise<T> {
    const { method = 'GET', doing = `calling ${method} ${call.path}` } = call;
    return (await this.#transport.call({ ...call, method, doing })) as T;
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  async #object<T extends KubeObject>(call: Call): Promise<T> {
    const answer = await this.#transport.call(call);
    if (typeof answer !== 'object' || answer === null) throw malformed(call, 'an answer that is not an object');
    return answer as T;
  }
}

interface RawList<T> {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: readonly T[];
}

/** Adds the two fields that items of a list lack, and that say what they are. */
function completed<T extends KubeObject>(item: T, resource: Resource): T {
  return { apiVersion: apiVersionOf(resource), kind: resource.kind, ...item };
}

/** What each call does, and the verbs that it needs a right to: an apply makes what is not there. */
const verbs = {
  get: { doing: 'reading', needs: ['get'] },
  list: { doing: 'listing', needs: ['list'] },
  watch: { doing: 'watching', needs: ['watch'] },
  create: { doing: 'creating', needs: ['create'] },
  apply: { doing: 'applying', needs: ['patch', 'create'] },
  patch: { doing: 'patching', needs: ['patch'] },
  remove: { doing: 'deleting', needs: ['delete'] },
} as const;

function callFor(verb: keyof typeof verbs, at: Scope & Partial<Ref>, options: CallOptions): Omit<Call, 'method'> {
  const { doing: usual, needs } = verbs[verb];
  const { doing = `${usual} ${describe(at)}`, timeoutMs, signal, beforeSending } = options;
  const rights = needs.map((needed) => ({ ...at, verb: needed }));
  return { path: pathOf(at), doing, rights, ...defined({ timeoutMs, signal, beforeSending }) };
}

function acceptOf(kind: string): string {
  return `application/json;as=${kind};g=meta.k8s.io;v=v1,application/json`;
}

function writeQuery({ fieldManager, dryRun }: WriteOptions): NonNullable<Call['query']> {
  return { fieldManager, fieldValidation: 'Strict', dryRun: dryRun === true ? 'All' : undefined };
}

function malformed({ doing }: Call, why: string): ApiError {
  return new ApiError({ code: 'malformed', doing, why });
}

/** Leaves out keys that are undefined: for the types, an absent key and an undefined one differ. */
function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

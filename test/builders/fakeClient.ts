import type { Client, List, Page, WatchEvent } from '../../operator/kube/client.ts';
import { ApiError } from '../../operator/kube/errors.ts';
import type { ApiErrorDetails } from '../../operator/kube/errors.ts';
import type { KubeObject } from '../../operator/api/kubernetes/object.ts';
import { apiVersionOf } from '../../operator/api/kubernetes/resource.ts';
import { pathOf } from '../../operator/kube/path.ts';
import type { Ref, Scope } from '../../operator/kube/path.ts';
import { mergePatch } from '../../tools/bench/big/mergePatch.ts';

export type Verb = 'get' | 'list' | 'create' | 'apply' | 'patch' | 'remove' | 'watch' | 'request';

/** One call as the fake saw it; `path` as the API server has it, `manager` the field manager of a write. */
export interface SeenCall {
  readonly verb: Verb;
  readonly path: string;
  readonly body: unknown;
  readonly manager: string | undefined;
  readonly options: unknown;
}

/**
 * An API server in memory, as far as unit tests need one: objects by path, versions that rise, preconditions on uid and resource version. Applies
 * and patches merge deeply; a status write touches nothing but the status. Failures are scripted by `failNext`.
 */
export class FakeClient implements Client {
  readonly calls: SeenCall[] = [];
  readonly objects = new Map<string, KubeObject>();
  readonly #failures: { readonly verb: Verb; readonly path: string; readonly error: Error }[] = [];
  /** What mutating admission makes of everything that is written. */
  admit = (object: KubeObject): KubeObject => object;
  #version = 100;

  /** Puts an object there, as another client would. */
  put(at: Ref, object: Partial<KubeObject> & Readonly<Record<string, unknown>>): KubeObject {
    const base: KubeObject = {
      apiVersion: apiVersionOf(at.resource),
      kind: at.resource.kind,
      metadata: {
        name: at.name,
        ...(at.namespace === undefined ? {} : { namespace: at.namespace }),
        uid: `uid-${at.name}`,
        generation: 1,
      },
    };
    return this.#store(pathOf(at), mergePatch(base, object) as KubeObject);
  }

  /** The next call of this verb whose path contains `path` fails with this error. */
  failNext(verb: Verb, path: string, failure: Error | Partial<ApiErrorDetails>): void {
    const scripted = { code: 'unavailable', doing: 'calling', why: 'scripted' } as const;
    const error = failure instanceof Error ? failure : new ApiError({ ...scripted, ...failure });
    this.#failures.push({ verb, path, error });
  }

  /** Writes in order: `apply /apis/apps/v1/…`. */
  get writes(): readonly string[] {
    const writing = new Set<Verb>(['create', 'apply', 'patch', 'remove']);
    return this.calls.filter(({ verb }) => writing.has(verb)).map(({ verb, path }) => `${verb} ${path}`);
  }

  async get<T extends KubeObject>(at: Ref, options?: unknown): Promise<T> {
    return this.#found(this.#called('get', at, { options })) as T;
  }

  async list<T extends KubeObject>(of: Scope, options?: { readonly labelSelector?: string }): Promise<List<T>> {
    const prefix = this.#called('list', of, { options });
    const wanted = (options?.labelSelector ?? '').split(',').filter((pair) => pair !== '');
    const items = [...this.objects]
      .filter(([path]) => isIn(path, prefix, of))
      .map(([, object]) => object as T)
      .filter(({ metadata }) => {
        const labels = new Set(Object.entries(metadata.labels ?? {}).flatMap((pair) => [pair[0], pair.join('=')]));
        return wanted.every((pair) => labels.has(pair));
      });
    return { items, resourceVersion: String(this.#version) };
  }

  page<T extends KubeObject>(of: Scope, options?: { readonly labelSelector?: string }): Promise<Page<T>> {
    return this.list<T>(of, options);
  }

  async create<T extends KubeObject>(at: Scope & Partial<Ref>, object: KubeObject, options?: unknown): Promise<T> {
    const name = at.name ?? object.metadata.name ?? 'made';
    this.#called('create', { ...at, name }, { body: object, options });
    return this.put({ ...at, name }, object as KubeObject & Record<string, unknown>) as T;
  }

  async apply<T extends KubeObject>(
    at: Ref,
    intent: KubeObject,
    options: { readonly fieldManager: string },
  ): Promise<T> {
    this.#called('apply', at, { body: intent, options });
    const path = pathOf({ ...at, subresource: undefined } as unknown as Ref);
    const before = this.objects.get(path);
    if (at.subresource !== undefined && before === undefined) throw notFound(path);
    if (before === undefined) {
      // As the real one: a resource version alone does not keep an apply from making what is gone; a uid does.
      this.#check({ metadata: {} }, intent.metadata.uid === undefined ? {} : { uid: intent.metadata.uid });
      return this.put(at, intent as KubeObject & Record<string, unknown>) as T;
    }
    this.#check(before, intent.metadata);
    if (at.subresource === undefined) return this.#store(path, mergePatch(before, intent) as KubeObject) as T;
    const part = (intent as unknown as Record<string, unknown>)[at.subresource];
    return this.#store(path, { ...before, [at.subresource]: part }) as T;
  }

  async patch<T extends KubeObject>(at: Ref, patch: unknown, options?: unknown): Promise<T> {
    const path = this.#called('patch', at, { body: patch, options });
    const before = this.#found(path);
    this.#check(before, (patch as Partial<KubeObject>).metadata ?? {});
    return this.#store(path, mergePatch(before, patch) as KubeObject) as T;
  }

  async remove(at: Ref, options: { readonly uid?: string; readonly resourceVersion?: string } = {}): Promise<void> {
    const path = this.#called('remove', at, { options });
    this.#check(this.#found(path), options);
    this.objects.delete(path);
  }

  async *watch<T extends KubeObject>(of: Scope): AsyncIterable<WatchEvent<T>> {
    this.#called('watch', of, {});
    yield { type: 'BOOKMARK', resourceVersion: String(this.#version) };
  }

  async request<T = unknown>({ path, body }: { readonly path: string; readonly body?: unknown }): Promise<T> {
    this.#note('request', path, { body });
    return this.#found(path) as unknown as T;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #called(verb: Verb, at: Scope & Partial<Ref>, rest: { readonly body?: unknown; readonly options?: unknown }): string {
    return this.#note(verb, pathOf(at), rest);
  }

  #note(verb: Verb, path: string, rest: { readonly body?: unknown; readonly options?: unknown }): string {
    const manager = (rest.options as { readonly fieldManager?: string } | undefined)?.fieldManager;
    this.calls.push({ verb, path, body: rest.body, manager, options: rest.options });
    const index = this.#failures.findIndex((failure) => failure.verb === verb && path.includes(failure.path));
    const [failure] = index < 0 ? [] : this.#failures.splice(index, 1);
    if (failure !== undefined) throw failure.error;
    return path;
  }

  #found(path: string): KubeObject {
    const object = this.objects.get(path);
    if (object === undefined) throw notFound(path);
    return object;
  }

  #check(object: KubeObject, wanted: { readonly uid?: string; readonly resourceVersion?: string }): void {
    for (const field of ['uid', 'resourceVersion'] as const) {
      if (wanted[field] === undefined || wanted[field] === object.metadata[field]) continue;
      const why = `${field} is ${object.metadata[field]}, not ${wanted[field]}`;
      throw new ApiError({ code: 'conflict', doing: 'writing', why, status: 409 });
    }
  }

  #store(path: string, asked: KubeObject): KubeObject {
    const object = this.admit(asked);
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String((this.#version += 1)) } };
    this.objects.set(path, stored);
    return stored;
  }
}

function notFound(path: string): ApiError {
  return new ApiError({ code: 'notFound', doing: `reading ${path}`, why: 'not found', status: 404 });
}

/** Whether an object's path is in a collection; without a namespace a collection holds those of all namespaces. */
function isIn(path: string, prefix: string, of: Scope): boolean {
  if (path.startsWith(`${prefix}/`)) return true;
  const [root] = prefix.split(`/${of.resource.plural}`);
  return (
    of.namespace === undefined &&
    path.startsWith(`${root}/namespaces/`) &&
    path.split('/').at(-2) === of.resource.plural
  );
}

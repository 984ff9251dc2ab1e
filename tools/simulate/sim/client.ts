import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';
import { nodes, pods } from '../../../operator/api/kubernetes/resource.ts';
import { kitchens } from '../../../operator/api/resources.ts';
import type { CallOptions, Client, List, WriteOptions } from '../../../operator/kube/client.ts';
import { ApiError } from '../../../operator/kube/errors.ts';
import type { Ref } from '../../../operator/kube/path.ts';
import { Api } from './api.ts';
import type { Cluster } from './cluster.ts';
import { LastLook } from './lastLook.ts';
import type { Kind } from './objects.ts';

/** Read before a step that cannot be undone, or as old as that by the stores. */
const looked: readonly Kind[] = ['pod', 'deployment', 'node', 'slice'];

/** A request that changes something other than what the operator says. */
export interface Write {
  readonly at: Ref;
  /** It is refused unless the object is as it was seen. */
  readonly isConditional: boolean;
  /** Does it, and returns whether the API server took it. */
  readonly send: () => boolean;
}

/** Who stands between a process and the API server. */
export interface Wire {
  /** The process still runs. */
  readonly isUp: () => boolean;
  /** Takes a write when it arrives; returns false to let it be on its way for longer: then nobody is answered. */
  readonly arrives: (write: Write) => boolean;
  /** A status is written. */
  readonly says: () => void;
  /** What should never happen, happened. */
  readonly fail: (error: unknown) => void;
}

/** The API server as the operator reaches it: each call and each answer takes a while, and what a dead process asked is answered to nobody. */
export class SimClient implements Client {
  readonly #cluster: Cluster;
  readonly #api: Api;
  readonly #wire: Wire;
  #lastLook: LastLook | undefined;

  constructor(cluster: Cluster, wire: Wire) {
    this.#cluster = cluster;
    this.#api = new Api(cluster);
    this.#wire = wire;
  }

  /** What was read last before a step that cannot be undone. */
  get lastLook(): LastLook | undefined {
    return this.#lastLook;
  }

  get<T extends KubeObject>(at: Ref, options: CallOptions = {}): Promise<T> {
    return this.#call(options, () => {
      if (at.resource === nodes) this.#lastLook?.reread('node', at.name);
      return this.#api.get(at) as T;
    });
  }

  list<T extends KubeObject>(...[of, options = {}]: Parameters<Client['list']>): Promise<List<T>> {
    return this.#call(options, () => {
      if (of.resource === pods) this.#lastLook = new LastLook(this.#cluster.server, looked);
      return this.#api.list(of, options.labelSelector) as List<T>;
    });
  }

  apply<T extends KubeObject>(...[at, intent, options]: Parameters<Client['apply']>): Promise<T> {
    const isConditional = intent.metadata.resourceVersion !== undefined;
    return this.#write({ at, isConditional }, options, () => this.#api.apply(at, intent, options.fieldManager) as T);
  }

  patch<T extends KubeObject>(...[at, patch, options]: Parameters<Client['patch']>): Promise<T> {
    const asked = patch as Parameters<Api['patch']>[1];
    const isConditional = asked.metadata['resourceVersion'] !== undefined;
    return this.#write({ at, isConditional }, options, () => this.#api.patch(at, asked) as T);
  }

  remove(...[at, options = {}]: Parameters<Client['remove']>): Promise<void> {
    const isConditional = options.resourceVersion !== undefined;
    return this.#write({ at, isConditional }, options, () => this.#api.remove(at, options));
  }

  create(): Promise<never> {
    return Promise.reject(new Error('nothing is created but by apply'));
  }

  page(): Promise<never> {
    return Promise.reject(new Error('lists are read whole'));
  }

  request(): Promise<never> {
    return Promise.reject(new Error('nothing is asked by path'));
  }

  watch(): never {
    throw new Error('the stores are fed without a watch');
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #write<T>(write: Omit<Write, 'send'>, options: WriteOptions, run: () => T): Promise<T> {
    const { at } = write;
    if (at.subresource === 'status' || at.resource === kitchens) {
      this.#wire.says();
      return this.#call(options, run);
    }
    return this.#call(options, () => {
      let result: { readonly answer: T } | undefined;
      let refused: unknown;
      const send = (): boolean => {
        try {
          result = { answer: run() };
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
          refused = error;
        }
        return result !== undefined;
      };
      if (!this.#wire.arrives({ ...write, send })) return never;
      if (result === undefined) throw refused;
      return result.answer;
    });
  }

  /** A request is on its way for a while, and so is its answer. */
  #call<T>({ beforeSending }: CallOptions, run: () => T | typeof never): Promise<T> {
    const { agenda, chance } = this.#cluster;
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const answer = (tell: () => void): void => {
      agenda.after(chance.between(1, 10), () => {
        if (!this.#wire.isUp()) return;
        agenda.stir();
        tell();
      });
    };
    beforeSending?.();
    agenda.after(chance.between(3, 30), () => {
      if (!this.#wire.isUp()) return;
      try {
        const result = run();
        if (result !== never) answer(() => resolve(result));
      } catch (error) {
        if (!(error instanceof ApiError)) this.#wire.fail(error);
        answer(() => reject(error));
      }
    });
    return promise;
  }
}

/** No answer comes. */
const never = Symbol('never');

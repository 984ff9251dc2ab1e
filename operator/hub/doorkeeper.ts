import { createHash } from 'node:crypto';
import type { KubeObject } from '../api/kubernetes/object.ts';
import type { Clock } from '../engine/clock.ts';
import type { Client } from '../kube/client.ts';
import type { Hub } from '../xds/server.ts';

/** For whom a hub's token is made: a token for the API server opens nothing here, and this one nothing there. */
const AUDIENCE = 'kitchen-hub';

const POD = 'authentication.kubernetes.io/pod-name';
const NODE = 'authentication.kubernetes.io/node-name';

interface TokenReview extends KubeObject {
  readonly status?: {
    readonly authenticated?: boolean;
    readonly audiences?: readonly string[];
    readonly user?: { readonly username?: string; readonly extra?: Readonly<Record<string, readonly string[]>> };
  };
}

/** A refused token is refused again for this long without asking: an Envoy tries twice a second. */
const REFUSED_FOR_MS = 10_000;
/** A pod that opens streams with ever other tokens must not keep the API server busy. */
const REVIEWS_MOST = 8;
/** Of so many tokens that is remembered. */
const REFUSED_MOST = 1_000;

export interface DoorkeeperOptions {
  readonly client: Pick<Client, 'request'>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** The service account of the hubs. */
  readonly serviceAccount: { readonly namespace: string; readonly name: string };
}

/** Finds out who holds a token. */
export class Doorkeeper {
  readonly #options: DoorkeeperOptions;
  /** Until when a token is refused without asking, by its hash; the oldest first. */
  readonly #refused = new Map<string, number>();
  #reviews = 0;

  constructor(options: DoorkeeperOptions) {
    this.#options = options;
  }

  /**
   * The hub that holds a token: the API server says for which pod it was made, and on which node. What an Envoy says of
   * itself is not asked for. Undefined for a token of anybody else, and for one that is bound to no pod. Rejects while very
   * many ask.
   */
  async hubOf(token: string, signal: AbortSignal): Promise<Hub | undefined> {
    const hash = createHash('sha256').update(token).digest('base64');
    const nowMs = this.#options.clock.monotonicMs();
    if ((this.#refused.get(hash) ?? 0) > nowMs) return undefined;
    if (this.#reviews >= REVIEWS_MOST) throw new Error('too many hubs ask at once: this one is to ask again');
    this.#reviews += 1;
    const hub = this.#hubIn(await this.#review(token, signal).finally(() => (this.#reviews -= 1)));
    this.#refused.delete(hash);
    if (hub === undefined) this.#refuse(hash, nowMs);
    return hub;
  }

  #refuse(hash: string, nowMs: number): void {
    this.#refused.set(hash, nowMs + REFUSED_FOR_MS);
    for (const [oldest] of this.#refused) {
      if (this.#refused.size <= REFUSED_MOST) return;
      this.#refused.delete(oldest);
    }
  }

  #review(token: string, signal: AbortSignal): Promise<TokenReview> {
    return this.#options.client.request<TokenReview>({
      path: '/apis/authentication.k8s.io/v1/tokenreviews',
      method: 'POST',
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token, audiences: [AUDIENCE] } },
      timeoutMs: 5_000,
      signal,
      doing: 'asking whose the token of a hub is',
    });
  }

  #hubIn({ status }: TokenReview): Hub | undefined {
    const { serviceAccount } = this.#options;
    const { authenticated, audiences = [], user } = status ?? {};
    const owner = `system:serviceaccount:${serviceAccount.namespace}:${serviceAccount.name}`;
    const [pod, node] = [user?.extra?.[POD]?.[0], user?.extra?.[NODE]?.[0]];
    if (authenticated !== true || !audiences.includes(AUDIENCE) || user?.username !== owner) return undefined;
    if (pod === undefined || node === undefined) return undefined;
    return { pod, node };
  }
}

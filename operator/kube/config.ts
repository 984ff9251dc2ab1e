import type { RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import type { Clock } from '../engine/clock.ts';
import { openPools, sameTls, tlsOf } from './pools.ts';
import type { Pools } from './pools.ts';

/** What a request needs to be accepted: credentials, and connections with the right certificates. */
export interface Access {
  readonly headers: Readonly<Record<string, string>>;
  readonly pools: Pools;
}

/** Where the API server is, and the access to it; credentials are read again when they change. */
export interface Config {
  /** `https://host:port`, maybe with a path, without a slash at the end. */
  readonly server: string;
  /** The namespace of the context, or of the pod. */
  readonly namespace: string | undefined;
  access(): Promise<Access>;
  /** Call it when the server did not accept `used`: it reads everything again, once for all calls that ask meanwhile. */
  renew(used: Access): Promise<void>;
  close(): Promise<void>;
}

export interface ConfigOptions {
  /** A file; without one the pod's service account when there is one, else `KUBECONFIG` or `~/.kube/config`. */
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly clock: Clock;
}

/** Headers and certificates are used for this long before their files are read again. */
const accessMs = 10_000;

/** Reads the configuration; throws when there is none, or it names no server, saying where it looked. */
export function loadConfig(options: ConfigOptions): Config {
  return new LoadedConfig(() => loadKubeConfig(options), options.clock);
}

class LoadedConfig implements Config {
  readonly server: string;
  readonly namespace: string | undefined;
  readonly #load: () => KubeConfig;
  readonly #clock: Clock;
  #kubeConfig: KubeConfig;
  #current: { readonly access: Access; readonly readMs: number } | undefined;
  #reading: Promise<Access> | undefined;

  constructor(load: () => KubeConfig, clock: Clock) {
    this.#load = load;
    this.#clock = clock;
    this.#kubeConfig = load();
    this.server = serverOf(this.#kubeConfig);
    this.namespace = this.#kubeConfig.getContextObject(this.#kubeConfig.getCurrentContext())?.namespace;
  }

  access(): Promise<Access> {
    const current = this.#current;
    if (current !== undefined && this.#clock.monotonicMs() - current.readMs < accessMs) {
      return Promise.resolve(current.access);
    }
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async renew(used: Access): Promise<void> {
    await this.#reading;
    if (this.#current?.access !== used) return;
    this.#kubeConfig = this.#load();
    this.#current = { access: used, readMs: Number.NEGATIVE_INFINITY };
    await this.access();
  }

  async close(): Promise<void> {
    const pools = this.#current?.access.pools;
    this.#current = undefined;
    await Promise.all([pools?.calls.destroy(), pools?.watches.destroy()]);
  }

  async #read(): Promise<Access> {
    const options: RequestOptions = {};
    await this.#kubeConfig.applyToHTTPSOptions(options).catch((cause: unknown) => refuse(this.#kubeConfig, cause));
    const tls = tlsOf(this.#kubeConfig, options);
    const before = this.#current?.access.pools;
    const pools = before !== undefined && sameTls(before.tls, tls) ? before : await openPools(this.#kubeConfig, tls);
    if (before !== undefined && before !== pools) {
      // Calls and watches on the old certificates end by themselves; nothing must wait for them here.
      for (const pool of [before.calls, before.watches]) pool.close().catch(() => undefined);
    }
    const access = { headers: headersOf(options), pools };
    this.#current = { access, readMs: this.#clock.monotonicMs() };
    return access;
  }
}

/** Throws what kept the client from getting credentials, in words that help. */
function refuse(kubeConfig: KubeConfig, cause: unknown): never {
  const user = kubeConfig.getCurrentUser();
  if (user?.authProvider?.name !== 'oidc') throw cause;
  // The client cannot: it hands openid-client the issuer as a text, which takes only a URL.
  const why = `the OIDC token of user ${user.name} has expired, and only kubectl can renew it`;
  throw new Error(`${why}: run kubectl get namespaces once, or use an exec plugin in the kubeconfig`, { cause });
}

function headersOf(options: RequestOptions): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    if (value !== undefined) headers[name.toLowerCase()] = String(value);
  }
  if (typeof options.auth === 'string') headers['authorization'] = `Basic ${btoa(options.auth)}`;
  return headers;
}

function loadKubeConfig(options: ConfigOptions): KubeConfig {
  const kubeConfig = new KubeConfig();
  if (options.kubeconfig !== undefined) kubeConfig.loadFromFile(options.kubeconfig);
  else if (isInCluster(process.env)) kubeConfig.loadFromCluster();
  else kubeConfig.loadFromDefault();
  if (options.context !== undefined) kubeConfig.setCurrentContext(options.context);
  return kubeConfig;
}

/** As with kubectl, a KUBECONFIG takes precedence over the service account. */
function isInCluster(env: NodeJS.ProcessEnv): boolean {
  return (env['KUBECONFIG'] ?? '') === '' && (env['KUBERNETES_SERVICE_HOST'] ?? '') !== '';
}

function serverOf(kubeConfig: KubeConfig): string {
  const context = kubeConfig.getCurrentContext();
  // client-node falls back to this context when it has found no configuration at all.
  if (context === 'loaded-context' && kubeConfig.getCurrentUser()?.name === 'user') {
    throw new Error('no kubeconfig: name one by --kubeconfig or KUBECONFIG, make ~/.kube/config, or run in a pod');
  }
  const known = kubeConfig.getContexts().map(({ name }) => name);
  if (kubeConfig.getContextObject(context) === null) {
    throw new Error(`kubeconfig: context ${JSON.stringify(context ?? '')} is not one of: ${known.join(', ')}`);
  }
  const server = kubeConfig.getCurrentCluster()?.server;
  if (server === undefined || !URL.canParse(server)) {
    throw new Error(`kubeconfig: the cluster of context ${context} names no server such as https://host:6443`);
  }
  return server.replace(/\/+$/, '');
}

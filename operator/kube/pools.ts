import type { RequestOptions } from 'node:https';
import { isDeepStrictEqual } from 'node:util';
import { HttpMethod, RequestContext } from '@kubernetes/client-node';
import type { KubeConfig } from '@kubernetes/client-node';
import { Agent, ProxyAgent } from 'undici';
import type { Dispatcher, buildConnector } from 'undici';

export type Tls = ReturnType<KubeConfig['createDispatcherOptions']>;

/**
 * Connections that are kept open, as many as there are calls at once. The callers limit how many those are; with a
 * limit here the renewal of a Lease would wait for slow writes. Each watch holds one connection, so watches have their
 * own pool.
 */
export interface Pools {
  readonly calls: Dispatcher;
  readonly watches: Dispatcher;
  readonly tls: Tls;
}

/** HTTP/1.1, because Node's HTTP/2 leaked memory for others. The transport sets time limits, for each call. */
const common = { allowH2: false, headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 30_000, connectTimeout: 10_000 };

/** The certificates and proxy that the options and the cluster's entry ask for. */
export function tlsOf(kubeConfig: KubeConfig, options: RequestOptions): Tls {
  const { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername } = options;
  const given = Object.entries({ ca, cert, key, pfx, passphrase, rejectUnauthorized, servername });
  return kubeConfig.createDispatcherOptions(
    kubeConfig.getCurrentCluster(),
    Object.fromEntries(given.filter(([, value]) => value !== undefined)),
  );
}

/** Whether connections that were made with one may be used for the other. */
export function sameTls(a: Tls, b: Tls): boolean {
  return isDeepStrictEqual(a, b);
}

/** Makes the pools; each connection is opened when it is first needed. */
export async function openPools(kubeConfig: KubeConfig, tls: Tls): Promise<Pools> {
  const calls = await openPool(kubeConfig, tls);
  return { calls, watches: await openPool(kubeConfig, tls), tls };
}

async function openPool(kubeConfig: KubeConfig, tls: Tls): Promise<Dispatcher> {
  if (tls.type === 'none') return new Agent(common);
  if (tls.type === 'socks') return socksPool(kubeConfig);
  // The two libraries have the same options of node:tls, in types that differ only in `undefined`.
  const connect = { ...tls.connect, timeout: common.connectTimeout } as buildConnector.BuildOptions;
  if (tls.type === 'agent') return new Agent({ ...common, connect });
  return new ProxyAgent({ ...common, uri: tls.uri, requestTls: tls.requestTls as typeof connect, connect });
}

/** client-node does not export its way through a SOCKS proxy, but it gives a dispatcher to each request. */
async function socksPool(kubeConfig: KubeConfig): Promise<Dispatcher> {
  const context = new RequestContext('http://localhost', HttpMethod.GET);
  await kubeConfig.applySecurityAuthentication(context);
  const dispatcher = context.getDispatcher();
  if (dispatcher === undefined) throw new Error('kubeconfig: the SOCKS proxy of the cluster cannot be used');
  return dispatcher;
}

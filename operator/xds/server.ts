import { createSecureServer } from 'node:http2';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Code, ConnectError } from '@connectrpc/connect';
import type { HandlerContext } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import type { DescMethodBiDiStreaming, Message } from '@bufbuild/protobuf';
import { serviceNamed } from '../envoy/protos.ts';
import type { ResourceType } from '../envoy/types.ts';
import type { BackendReport } from '../traffic/report.ts';
import { reportEveryMs } from '../traffic/pace.ts';
import { deltaStream } from './deltaStream.ts';
import { loadStream } from './loadStream.ts';
import type { LoadRequest } from './loadStream.ts';
import type { DeltaRequest } from './messages.ts';
import { Preference } from './preference.ts';
import { trackSessions } from './sessions.ts';
import type { Source } from './source.ts';
import type { Nack } from './subscription.ts';

/** What hubs ask for, and may refuse. */
export { resourceTypes } from '../envoy/types.ts';

/** A hub, by what its token proves. */
export interface Hub {
  /** The name of its pod. */
  readonly pod: string;
  readonly node: string;
}

/** A key and its certificate, both PEM. */
export interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

export interface XdsServerOptions {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly keys: KeyPair;
  readonly source: Source;
  /** The zone of a node now; empty: none. A node may get its label after its hub has begun. */
  readonly zoneOf: (node: string) => string;
  /** Who holds this token; undefined: nobody that may ask. */
  readonly authenticate: (token: string, signal: AbortSignal) => Promise<Hub | undefined>;
  readonly onNack: (hub: Hub, type: ResourceType, nack: Nack) => void;
  readonly onStream: (hub: Hub, isOpen: boolean) => void;
  /** A hub has told what it sends. `envoy` tells apart the Envoys of one hub. */
  readonly onLoad: (hub: Hub, envoy: string, reports: readonly BackendReport[]) => void;
  /** Whether another replica leads, and is to serve the hubs. */
  readonly isElsewhere: () => boolean;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly onError: (error: unknown) => void;
}

export interface XdsServer {
  readonly address: AddressInfo;
  /** Uses another certificate for the connections that begin from now on. */
  rekey(keys: KeyPair): void;
  /** Ends all streams: each hub goes to another replica. */
  close(): Promise<void>;
}

/** A request of Envoy is some kilobytes: it names what it has. */
const REQUEST_BYTES_MAX = 4 * 1024 * 1024;

/** Serves hubs what they need, over TLS, each stream by the token that it shows. */
export async function serveXds(options: XdsServerOptions): Promise<XdsServer> {
  const { host, port, keys, onError } = options;
  const closing = new AbortController();
  const server = createSecureServer({ ...keys, minVersion: 'TLSv1.3', allowHTTP1: false });
  const handler = connectNodeAdapter({
    grpc: true,
    grpcWeb: false,
    connect: false,
    acceptCompression: [],
    readMaxBytes: REQUEST_BYTES_MAX,
    shutdownSignal: closing.signal,
    routes: (router) => {
      router.rpc(deltaResources(), (requests, context) =>
        serveStream(requests as AsyncIterable<DeltaRequest>, context, options),
      );
      const telling = { count: 0 };
      router.rpc(streamLoadStats(), (requests, context) =>
        hearLoad(requests as AsyncIterable<LoadRequest>, context, { ...options, telling }),
      );
    },
  });
  server.on('request', handler);
  server.on('sessionError', onError);
  server.on('tlsClientError', onError);
  const sessions = trackSessions(server, new Preference(options.isElsewhere, options.random));
  server.listen({ host, port });
  await once(server, 'listening');
  server.on('error', onError);
  return {
    address: server.address() as AddressInfo,
    rekey: (next) => server.setSecureContext({ ...next, minVersion: 'TLSv1.3' }),
    close: async () => {
      closing.abort();
      const closed = once(server, 'close');
      server.close();
      for (const session of sessions) session.destroy();
      await closed;
    },
  };
}

function deltaResources(): DescMethodBiDiStreaming {
  const { method } = serviceNamed('envoy.service.discovery.v3.AggregatedDiscoveryService');
  return method['deltaAggregatedResources'] as DescMethodBiDiStreaming;
}

function streamLoadStats(): DescMethodBiDiStreaming {
  const { method } = serviceNamed('envoy.service.load_stats.v3.LoadReportingService');
  return method['streamLoadStats'] as DescMethodBiDiStreaming;
}

/** The hub whose token a stream shows. Throws where it shows none. */
async function hubOf(
  { requestHeader, signal }: HandlerContext,
  { authenticate }: Pick<XdsServerOptions, 'authenticate'>,
): Promise<Hub> {
  const token = /^Bearer (.+)$/.exec(requestHeader.get('authorization') ?? '')?.[1];
  const hub = token === undefined ? undefined : await authenticate(token, signal);
  if (hub === undefined) throw new ConnectError('the token is none of a hub', Code.Unauthenticated);
  return hub;
}

async function* hearLoad(
  requests: AsyncIterable<LoadRequest>,
  context: HandlerContext,
  options: XdsServerOptions & { readonly telling: { count: number } },
): AsyncGenerator<Message> {
  const { telling, onLoad } = options;
  const hub = await hubOf(context, options);
  telling.count += 1;
  try {
    yield* loadStream(requests, {
      everyMs: () => reportEveryMs(telling.count),
      onReports: (envoy, reports) => onLoad(hub, envoy, reports),
    });
  } finally {
    telling.count -= 1;
  }
}

async function* serveStream(
  requests: AsyncIterable<DeltaRequest>,
  context: HandlerContext,
  options: XdsServerOptions,
): AsyncGenerator<Message> {
  const { source, zoneOf, onNack, onStream } = options;
  const { signal } = context;
  const hub = await hubOf(context, options);
  onStream(hub, true);
  try {
    yield* deltaStream(requests, {
      zone: () => zoneOf(hub.node),
      source,
      signal,
      onNack: (type, nack) => onNack(hub, type, nack),
    });
  } finally {
    onStream(hub, false);
  }
}

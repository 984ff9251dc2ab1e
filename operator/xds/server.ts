import { createSecureServer } from 'node:http2';
import type { Http2SecureServer, ServerHttp2Session } from 'node:http2';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Code, ConnectError } from '@connectrpc/connect';
import type { HandlerContext } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import type { DescMethodBiDiStreaming, Message } from '@bufbuild/protobuf';
import { serviceNamed } from '../envoy/protos.ts';
import type { ResourceType } from '../envoy/types.ts';
import { deltaStream } from './deltaStream.ts';
import type { DeltaRequest } from './messages.ts';
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
const PING_EVERY_MS = 1_000;
/** A hub that answers no PING for this long is gone, or its node is. */
const PING_WITHIN_MS = 3_000;

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
      const { method } = serviceNamed('envoy.service.discovery.v3.AggregatedDiscoveryService');
      router.rpc(method['deltaAggregatedResources'] as DescMethodBiDiStreaming, (requests, context) =>
        serveStream(requests as AsyncIterable<DeltaRequest>, context, options),
      );
    },
  });
  server.on('request', handler);
  server.on('sessionError', onError);
  server.on('tlsClientError', onError);
  const sessions = trackSessions(server);
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

async function* serveStream(
  requests: AsyncIterable<DeltaRequest>,
  { requestHeader, signal }: HandlerContext,
  { source, zoneOf, authenticate, onNack, onStream }: XdsServerOptions,
): AsyncGenerator<Message> {
  const token = /^Bearer (.+)$/.exec(requestHeader.get('authorization') ?? '')?.[1];
  const hub = token === undefined ? undefined : await authenticate(token, signal);
  if (hub === undefined) throw new ConnectError('the token is none of a hub', Code.Unauthenticated);
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

/** Keeps the open connections, and ends those whose other end has gone without a word. */
function trackSessions(server: Http2SecureServer): ReadonlySet<ServerHttp2Session> {
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    const timer = setInterval(() => ping(session), PING_EVERY_MS);
    session.once('close', () => {
      clearInterval(timer);
      sessions.delete(session);
    });
  });
  return sessions;
}

function ping(session: ServerHttp2Session): void {
  if (session.destroyed || session.closed) return;
  const silent = setTimeout(() => session.destroy(), PING_WITHIN_MS);
  session.ping(() => clearTimeout(silent));
}

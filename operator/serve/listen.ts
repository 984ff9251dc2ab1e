import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';

import { printAddress } from './address.ts';
import type { Address } from './address.ts';

/** An HTTP server that listens. */
export interface Listening {
  /** The address as written in a URL, with the real port, also when port 0 was asked for. */
  readonly address: string;
  readonly port: number;
  /** Takes no new connections, gives running answers one second to end, then closes all connections. */
  close(): Promise<void>;
}

const graceMs = 1_000;

/**
 * Listens, with a time-out for every stage of a request. Rejects with the cause and the cure when it cannot listen on
 * the address. For a later error, such as no file descriptor left for a connection, it calls `onError` and goes on.
 */
export async function listen(
  address: Address,
  handler: RequestListener,
  onError: (error: Error) => void,
): Promise<Listening> {
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000, keepAliveTimeout: 5_000 }, handler);
  server.setTimeout(15_000);
  await bound(server, address);
  server.on('error', onError);
  const at = server.address();
  const port = at !== null && typeof at === 'object' ? at.port : address.port;
  return { address: printAddress({ ...address, port }), port, close: () => closed(server) };
}

function bound(server: Server, address: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      const cure = error.code === 'EADDRINUSE' ? 'the address is in use: choose another with --listen' : error.message;
      reject(new Error(`listening on ${printAddress(address)}: ${cure}`, { cause: error }));
    };
    server.once('error', failed);
    server.listen({ port: address.port, ...(address.host === undefined ? {} : { host: address.host }) }, () => {
      server.off('error', failed);
      resolve();
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}

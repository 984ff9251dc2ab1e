import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';

import { printAddress } from './address.ts';
import type { Address } from './address.ts';

/** An HTTP server that listens. */
export interface Listening {
  /** As written in a URL; the port is the real one, also when 0 was asked for. */
  readonly address: string;
  readonly port: number;
  /** Takes no new connections, lets answers in hand end for a second, then cuts what is left. */
  close(): Promise<void>;
}

const graceMs = 1_000;

/**
 * Listens with time-outs on every stage; rejects with the cause and the cure when the address cannot be had. What goes wrong
 * later (no file descriptor left for a connection) is told to `onError`, and it listens on.
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
      const cure = error.code === 'EADDRINUSE' ? 'it is in use: choose another with --listen' : error.message;
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

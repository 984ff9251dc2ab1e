import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { POD_HEADER, PODS_PER_NODE } from './layout.ts';

/** What a node is told over IPC. */
export interface Begin {
  readonly name: string;
  readonly address: string;
  /** How long a pod takes to answer. */
  readonly answerMs: number;
}

/** What it then tells: the ports of its pods. */
export interface Begun {
  readonly ports: readonly number[];
}

let isErring = false;

process.once('message', (begin: Begin) => void startPods(begin));
process.once('disconnect', () => process.exit());

async function startPods({ name, address, answerMs }: Begin): Promise<void> {
  // Its pods pass their health check all the same.
  process.on('message', () => (isErring = true));
  const ports: number[] = [];
  for (let pod = 1; pod <= PODS_PER_NODE; pod += 1)
    ports.push(await startPod({ name: `${name}-${pod}`, address, answerMs }));
  process.send?.({ ports } satisfies Begun);
}

async function startPod({ name, address, answerMs }: Begin): Promise<number> {
  const server = createServer((request, response) => {
    request.resume();
    request.once('end', () => {
      if (request.url === '/healthz') answer(response, { name, status: 200 });
      else if (isErring) answer(response, { name, status: 503 });
      else setTimeout(() => answer(response, { name, status: 200 }), answerMs);
    });
  });
  // A connection that a pod closes while a request is on its way would be a failure of no fault.
  server.keepAliveTimeout = 0;
  server.listen(0, address);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function answer(response: ServerResponse, { name, status }: { readonly name: string; readonly status: number }): void {
  response.writeHead(status, { [POD_HEADER]: name }).end(`${name}\n`);
}

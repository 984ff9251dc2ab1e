import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { POD_HEADER, PODS_PER_NODE } from './layout.ts';
import type { Place } from './layout.ts';

/** What a node is told over IPC. */
export interface Begin {
  readonly name: string;
  readonly address: string;
  /** How long a pod takes to answer. */
  readonly answerMs: number;
}

/** What it may be told later: to answer 503 from then on, or to take this long to answer. */
export type Told = 'err' | { readonly answerMs: number };

/** What it then tells: the ports of its pods. */
export interface Begun {
  readonly ports: readonly number[];
}

let isErring = false;
let answersInMs = 0;

process.once('message', (begin: Begin) => void startPods(begin));
process.once('disconnect', () => process.exit());

async function startPods({ name, address, answerMs }: Begin): Promise<void> {
  answersInMs = answerMs;
  process.on('message', (told: Told) => {
    // Its pods pass their health check all the same.
    if (told === 'err') isErring = true;
    else answersInMs = told.answerMs;
  });
  const ports: number[] = [];
  for (let pod = 1; pod <= PODS_PER_NODE; pod += 1) ports.push(await startPod({ name: `${name}-${pod}`, address }));
  process.send?.({ ports } satisfies Begun);
}

async function startPod({ name, address }: Pick<Place, 'name' | 'address'>): Promise<number> {
  const server = createServer((request, response) => {
    request.resume();
    request.once('end', () => {
      if (request.url === '/healthz') answer(response, { name, status: 200 });
      else if (isErring) answer(response, { name, status: 503 });
      else setTimeout(() => answer(response, { name, status: 200 }), answersInMs);
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

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
  /**
   * How many requests a pod answers at once, while the others wait; absent: all. Each then takes half to one and a half
   * times as long.
   */
  readonly workers?: number | undefined;
}

/** What a node is told later: to fail all requests but health checks, or to take so many times as long to answer. */
export type Change = 'err' | { readonly slower: number };

/** What it then tells: the ports of its pods. */
export interface Begun {
  readonly ports: readonly number[];
}

let isErring = false;
let slower = 1;

process.once('message', (begin: Begin) => void startPods(begin));
process.once('disconnect', () => process.exit());

async function startPods(begin: Begin): Promise<void> {
  process.on('message', (change: Change) => {
    if (change === 'err') isErring = true;
    else slower = change.slower;
  });
  const ports: number[] = [];
  for (let pod = 1; pod <= PODS_PER_NODE; pod += 1)
    ports.push(await startPod({ ...begin, name: `${begin.name}-${pod}` }));
  process.send?.({ ports } satisfies Begun);
}

async function startPod({ name, address, answerMs, workers }: Begin): Promise<number> {
  const work = workers === undefined ? atOnce(answerMs) : inTurn(answerMs, workers);
  const server = createServer((request, response) => {
    request.resume();
    request.once('end', () => {
      if (request.url === '/healthz') answer(response, { name, status: 200 });
      else if (isErring) answer(response, { name, status: 503 });
      else work(() => answer(response, { name, status: 200 }));
    });
  });
  // A connection that a pod closes while a request is on its way would be a failure of no fault.
  server.keepAliveTimeout = 0;
  server.listen(0, address);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

type Work = (done: () => void) => void;

function atOnce(answerMs: number): Work {
  return (done) => void setTimeout(done, answerMs * slower);
}

/** So many at once, and the others in a line. */
function inTurn(answerMs: number, workers: number): Work {
  const line: (() => void)[] = [];
  let busy = 0;
  const next = (): void => {
    const done = line.shift();
    if (done === undefined) return;
    busy += 1;
    const tookMs = answerMs * slower * (0.5 + Math.random());
    setTimeout(() => {
      busy -= 1;
      done();
      next();
    }, tookMs);
  };
  return (done) => {
    line.push(done);
    if (busy < workers) next();
  };
}

function answer(response: ServerResponse, { name, status }: { readonly name: string; readonly status: number }): void {
  response.writeHead(status, { [POD_HEADER]: name }).end(`${name}\n`);
}

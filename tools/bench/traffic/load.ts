import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { POD_HEADER } from './layout.ts';
import { CLIENTS } from './schedule.ts';
import type { Planned } from './schedule.ts';
import { causeOf, failureIn } from './tally.ts';
import type { Outcome } from './tally.ts';

/** Where a connection goes. */
export interface Address {
  readonly address: string;
  readonly port: number;
}

export interface LoadOptions {
  /** Asked for each new connection. */
  readonly next: () => Address;
  /** A client gives up after this. */
  readonly timeoutMs: number;
  /** Called right before each request, with its place in the schedule. */
  readonly onSend?: (index: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Sends requests at their times, whether those before have been answered or not, and waits for all. Rejects only when
 * the signal is aborted.
 */
export async function load(schedule: readonly Planned[], options: LoadOptions): Promise<readonly Outcome[]> {
  const { next, timeoutMs, onSend, signal } = options;
  await using clients = new Clients(next);
  const outcomes: Promise<Outcome>[] = [];
  const beganMs = performance.now();
  for (const [index, { atMs, method, client }] of schedule.entries()) {
    const aheadMs = beganMs + atMs - performance.now();
    if (aheadMs > 0) await pause(aheadMs, undefined, { signal });
    onSend?.(index);
    outcomes.push(ask(method, { agent: clients.of(client), timeoutMs }));
  }
  return await Promise.all(outcomes);
}

/** Sends one request on a connection of its own. */
export async function askOnce(next: () => Address, timeoutMs: number): Promise<Outcome> {
  await using clients = new Clients(next);
  return await ask('GET', { agent: clients.of(undefined), timeoutMs });
}

/** Those who ask: some keep their connection, and one opens a new one for each request. */
class Clients implements AsyncDisposable {
  readonly #keeping: readonly Agent[];
  readonly #fresh: Agent;

  constructor(next: () => Address) {
    this.#fresh = new ChoosingAgent(next, false);
    this.#keeping = Array.from({ length: CLIENTS }, () => new ChoosingAgent(next, true));
  }

  of(client: number | undefined): Agent {
    return (client === undefined ? undefined : this.#keeping[client]) ?? this.#fresh;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const agent of [this.#fresh, ...this.#keeping]) agent.destroy();
  }
}

/** Chooses for each connection where it goes, as kube-proxy does behind the address of a Service. */
class ChoosingAgent extends Agent {
  readonly #next: () => Address;

  constructor(next: () => Address, keepAlive: boolean) {
    super({ keepAlive, maxFreeSockets: 1 });
    this.#next = next;
  }

  override createConnection(): Socket {
    const { address, port } = this.#next();
    return connect({ host: address, port, noDelay: true });
  }
}

/** Sends one request through an agent. */
export function ask(
  method: Outcome['method'],
  { agent, timeoutMs }: { readonly agent: Agent; readonly timeoutMs: number },
): Promise<Outcome> {
  const beganMs = performance.now();
  return new Promise((resolve) => {
    const asked = request({ agent, method, host: 'grill', path: '/pizza' });
    const end = (failure?: string, pod?: string): void => {
      clearTimeout(timer);
      const ended = failure === undefined && pod !== undefined ? { pod } : {};
      resolve({ method, ms: performance.now() - beganMs, ...ended, ...(failure === undefined ? {} : { failure }) });
    };
    const timer = setTimeout(() => {
      end('timeout');
      asked.destroy();
    }, timeoutMs);
    asked.on('error', (error) => end(causeOf(error)));
    asked.on('response', (answer) => {
      answer.on('error', (error) => end(causeOf(error)));
      const pod = answer.headers[POD_HEADER];
      answer.on('end', () => end(failureIn(answer.statusCode ?? 0, pod), pod?.toString()));
      answer.resume();
    });
    asked.end(method === 'POST' ? 'a margherita' : undefined);
  });
}

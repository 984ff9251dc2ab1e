import { Agent } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { ask } from '../traffic/load.ts';
import { startNodes } from '../traffic/nodes.ts';
import type { Node } from '../traffic/nodes.ts';
import { arrivalsOf } from './arrivals.ts';
import { ANSWER_MS, cases, WORKERS } from './cases.ts';
import type { LoadCase } from './cases.ts';
import { startHubs } from './hubs.ts';
import type { Hubs } from './hubs.ts';
import { policies } from './policies.ts';
import type { ChoosingRun } from './result.ts';
import type { Served } from './tally.ts';

/** A client gives up after this. */
const TIMEOUT_MS = 3_000;
const READY_WITHIN_MS = 60_000;
const SLOWER = 2.5;

/** Plays one case under one policy, and tells what became of each request. Nothing is left of it. */
export async function playChoosing(
  run: ChoosingRun,
  { signal, onWhy }: { readonly signal: AbortSignal; readonly onWhy?: ((words: string) => void) | undefined },
): Promise<readonly Served[]> {
  const play: LoadCase = cases[run.case];
  await using field = await startNodes({ answerMs: ANSWER_MS, workers: WORKERS });
  const pods = field.nodes.flatMap((node) => node.pods);
  await using hubs = await startHubs({
    policy: policies[run.who],
    perZone: run.hubs,
    prices: play.prices,
    pods,
    onWhy,
  });
  await using clients = new HubClients(hubs);
  await clients.untilReady(signal);
  const outcomes: Promise<Served>[] = [];
  let isDone = false;
  const beganMs = performance.now();
  for (const { atMs, zone, method } of arrivalsOf(play)) {
    const aheadMs = beganMs + atMs - performance.now();
    if (aheadMs > 0) await pause(aheadMs, undefined, { signal });
    if (!isDone && play.act !== undefined && atMs >= play.act.atS * 1000) {
      isDone = true;
      act(play.act.what, field.nodes, hubs);
    }
    const asked = ask(method, { agent: clients.next(zone), timeoutMs: TIMEOUT_MS });
    outcomes.push(asked.then((outcome) => ({ ...outcome, atMs, zone })));
  }
  const served = await Promise.all(outcomes);
  hubs.check();
  return served;
}

/** What happens happens to zone-a. */
function act(what: NonNullable<LoadCase['act']>['what'], nodes: readonly Node[], hubs: Hubs): void {
  const [first, ...others] = nodes;
  if (what === 'HalfOfPodsGone') hubs.setPods(others.flatMap(({ pods }) => pods));
  else for (const node of nodes) if (node.zone === first?.zone) node.slow(SLOWER);
}

/** Those who ask: those of a zone ask each of its hubs in turn, and keep their connections. */
class HubClients implements AsyncDisposable {
  readonly #hubs: Hubs;
  readonly #agents: ReadonlyMap<string, readonly Agent[]>;
  #turn = 0;

  constructor(hubs: Hubs) {
    this.#hubs = hubs;
    const byZone = Map.groupBy(hubs.hubs, ({ zone }) => zone);
    this.#agents = new Map([...byZone].map(([zone, own]) => [zone, own.map(({ port }) => new PortAgent(port))]));
  }

  next(zone: string): Agent {
    const agents = this.#agents.get(zone) ?? [];
    this.#turn += 1;
    const agent = agents[this.#turn % agents.length];
    if (agent === undefined) throw new Error(`zone ${zone} has no hub`);
    return agent;
  }

  /** Resolves when each hub has had an answer. */
  async untilReady(signal: AbortSignal): Promise<void> {
    const endMs = performance.now() + READY_WITHIN_MS;
    for (const agent of [...this.#agents.values()].flat()) {
      for (;;) {
        const { failure } = await ask('GET', { agent, timeoutMs: 1_000 });
        this.#hubs.check();
        if (failure === undefined) break;
        if (performance.now() > endMs) throw new Error(`not ready after ${READY_WITHIN_MS / 1000} s: ${failure}`);
        await pause(50, undefined, { signal });
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const agent of [...this.#agents.values()].flat()) agent.destroy();
  }
}

class PortAgent extends Agent {
  readonly #port: number;

  constructor(port: number) {
    super({ keepAlive: true });
    this.#port = port;
  }

  override createConnection(): Socket {
    return connect({ host: '127.0.0.1', port: this.#port, noDelay: true });
  }
}

import { play } from './play.ts';
import type { FaultName } from './faults.ts';
import { enterNetwork, sharedNetwork } from './network.ts';
import type { Pace } from './schedule.ts';
import type { Outcome } from './tally.ts';
import type { WayName } from './ways/names.ts';
import { starts } from './ways/ways.ts';

/** What the process of a run is told over IPC. */
export interface Order extends Pace {
  readonly fault: FaultName;
  readonly who: WayName;
  readonly answerMs: number;
  readonly timeoutMs: number;
  /** The network of the benchmark, if this process was started in one of its own. */
  readonly apartFrom: string | null;
}

/** What it then tells: what became of each request, or why it failed. */
export type Told = { readonly outcomes: readonly Outcome[] } | { readonly failed: string };

const over = new AbortController();
// On Ctrl-C all processes of the terminal hear it: it is the benchmark that ends this one, by `disconnect`.
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => {});
process.once('disconnect', () => over.abort());

process.once('message', (order: Order) => void tell(order));

async function tell(order: Order): Promise<void> {
  const told = await outcomesOf(order).catch((error: unknown): Told => ({
    failed: error instanceof Error ? error.message : String(error),
  }));
  if (process.connected) process.send?.(told, undefined, undefined, () => process.disconnect());
}

async function outcomesOf({ who, apartFrom, ...order }: Order): Promise<Told> {
  const network = apartFrom === null ? sharedNetwork : await enterNetwork(apartFrom);
  return { outcomes: await play({ ...order, way: starts[who], network, signal: over.signal }) };
}

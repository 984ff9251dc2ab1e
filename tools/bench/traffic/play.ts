import { setTimeout as pause } from 'node:timers/promises';
import { harmOf, hitBy } from './faults.ts';
import type { FaultName } from './faults.ts';
import type { Pod } from './layout.ts';
import { askOnce, load } from './load.ts';
import type { Network } from './network.ts';
import { startNodes } from './nodes.ts';
import { scheduleOf, strikeAt } from './schedule.ts';
import type { Pace } from './schedule.ts';
import type { Outcome } from './tally.ts';
import type { Way } from './ways/way.ts';

export interface PlayOptions extends Pace {
  readonly fault: FaultName;
  readonly way: (pods: readonly Pod[]) => Way | Promise<Way>;
  /** How long a pod takes to answer. */
  readonly answerMs: number;
  /** A client gives up after this. */
  readonly timeoutMs: number;
  readonly network: Network;
  readonly signal: AbortSignal;
}

const READY_WITHIN_MS = 60_000;

/**
 * Starts the nodes and a way to them, sends requests, harms nodes after a third of them, and tells what became of each
 * request. Nobody takes the pods out of the way's list. Nothing is left of it.
 */
export async function play(options: PlayOptions): Promise<readonly Outcome[]> {
  const { fault, network, timeoutMs, signal } = options;
  await using field = await startNodes({ answerMs: options.answerMs });
  const { nodes } = field;
  await using way = await options.way(nodes.flatMap(({ pods }) => pods));
  await untilReady(way, signal);
  const schedule = scheduleOf(options);
  const strike = strikeAt(schedule.length);
  let struck: Promise<unknown> | undefined;
  const harm = harmOf(fault);
  const outcomes = await load(schedule, {
    next: () => way.next(),
    timeoutMs,
    signal,
    onSend: (index) => {
      if (index !== strike || harm === undefined) return;
      struck = Promise.all(hitBy(fault, nodes).map((node) => node.harm(harm, network)));
      // It is awaited below; a failure in between must not end the process.
      struck.catch(() => undefined);
    },
  });
  await struck;
  way.check();
  return outcomes;
}

/** Resolves when a request has been answered behind each door, one after another. */
export async function untilReady(way: Way, signal: AbortSignal): Promise<void> {
  const endMs = performance.now() + READY_WITHIN_MS;
  for (let ready = 0; ready < way.doors;) {
    const { failure } = await askOnce(() => way.next(), 1_000);
    way.check();
    ready = failure === undefined ? ready + 1 : 0;
    if (performance.now() > endMs) throw new Error(`not ready after ${READY_WITHIN_MS / 1000} s: ${failure}`);
    if (failure !== undefined) await pause(50, undefined, { signal });
  }
}

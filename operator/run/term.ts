import type { ReadStore } from '../kube/store.ts';
import { stationName } from '../api/names.ts';
import { fenced } from '../apply/fence.ts';
import { LastLooks } from '../apply/freshly.ts';
import { learnInto } from '../apply/learn.ts';
import { Refusals } from '../apply/refusals.ts';
import { Backoff } from '../engine/backoff.ts';
import type { Clock } from '../engine/clock.ts';
import { runLoop } from '../engine/loop.ts';
import { FirstSeen } from '../engine/memory.ts';
import type { Outcome } from '../engine/outcome.ts';
import { Queue } from '../engine/queue.ts';
import type { Client } from '../kube/client.ts';
import { ApiError, messageOf } from '../kube/errors.ts';
import type { EventRecorder } from '../kube/events.ts';
import { writeWithinMs } from '../kube/lease.ts';
import { onConcern } from '../observe/onConcern.ts';
import { stationsNear } from '../observe/concerns.ts';
import type { LeavingSigns } from '../observe/leavingSigns.ts';
import type { Stores } from '../observe/stores.ts';
import type { Parts } from '../reconcile.ts';
import { decisionId } from '../report/decisionId.ts';
import type { Log } from '../report/log.ts';
import type { Metrics } from '../report/metrics.ts';
import { Untold } from '../report/untold.ts';
import type { ControllerRow } from './controllers.ts';
import type { World } from './world.ts';

/** What a term of leadership is served with. */
export interface TermOptions {
  readonly world: World;
  readonly controllers: readonly ControllerRow[];
  readonly client: Client;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly events: EventRecorder;
  readonly workers: number;
  /** How long a zone whose nodes vanished is known as a lost one. */
  readonly forgetZoneAfterMs: number;
  /** What on a node says that it is about to go. */
  readonly leavingSigns: LeavingSigns;
  /** Asked before every write. */
  readonly mayWrite: () => boolean;
  /** Aborted when the term ends: no new pass begins, and those in hand end. */
  readonly signal: AbortSignal;
  /** Aborted when leadership is lost: calls under way end. */
  readonly lost: AbortSignal;
}

/** How long passes in hand may go on at the end; the process has 5 s in all. */
const stopWithinMs = 3_500;

/**
 * Looks after all Kitchens and Stations of a world until the signal is aborted. Everything that was remembered begins anew
 * with the term: what happened while another led was not seen. Passes that did not end in time do no more when it resolves.
 */
export async function serveTerm(options: TermOptions): Promise<void> {
  const { world, signal, controllers } = options;
  const over = new AbortController();
  const running = controllers.map((row) => runner(row, options));
  const parts = { ...partsOf(options, over.signal), isBehind: () => isBehind(running) };
  const stops = [
    onConcern(world.stores, (concern) => {
      for (const { queue, row } of running) addAll(queue, concern[row.concern]);
    }),
    world.suspicion.onFlip((nodes) => {
      for (const { queue, row } of running) {
        if (row.concern === 'stations') addAll(queue, stationsNear(nodes, world.stores));
      }
    }),
    ...running.map(({ row }) => forgetGone(row.concern, parts)),
    forgetFigures(parts),
  ];
  for (const { queue, row } of running) addAll(queue, world.stores[row.concern].keys());
  try {
    await Promise.all(running.map(({ run }) => run(parts)));
  } finally {
    over.abort(new Error('the term is over'));
    for (const stop of stops) stop();
    if (signal.aborted) options.metrics.noStations();
  }
}

function addAll(queue: Queue, keys: Iterable<string>): void {
  for (const key of keys) queue.add(key);
}

/** Stations come first: while one waits for a worker, words about all others wait too. */
function isBehind(running: readonly Runner[]): boolean {
  return running.some(({ row, queue }) => row.concern === 'stations' && queue.depth > 0);
}

function partsOf({ world, client, mayWrite, lost, ...rest }: TermOptions, over: AbortSignal): Omit<Parts, 'isBehind'> {
  return {
    ...rest,
    client: fenced(client, { mayWrite, writeWithinMs, over: AbortSignal.any([lost, over]) }),
    metrics: measuringWhatIsThere(rest.metrics, world.stores, over),
    learn: learnInto(world.stores),
    stores: world.stores,
    suspicion: world.suspicion,
    memory: new FirstSeen(),
    refusals: new Refusals(),
    lastLooks: new LastLooks(rest.clock),
    newId: () => decisionId(rest.random),
    untold: new Untold(),
  };
}

interface Runner {
  readonly row: ControllerRow;
  readonly queue: Queue;
  readonly run: (parts: Parts) => Promise<void>;
}

/** A controller's queue and the loop that empties it, both measured. */
function runner(row: ControllerRow, { clock, random, metrics, log, workers, signal }: TermOptions): Runner {
  const { name } = row;
  const queue = new Queue({ clock, hooks: metrics.queueMeter(name) });
  const backoff = new Backoff({ baseMs: 100, maxMs: 30_000, random });
  const run = (parts: Parts): Promise<void> => {
    const served = metrics.serving(name, { queue, workers });
    return runLoop({
      queue,
      workers,
      backoff,
      clock,
      signal,
      stopWithinMs,
      reconcile: async (key) => {
        const ended = metrics.reconciling(name);
        const beganMs = clock.monotonicMs();
        const outcome = await row.reconcile(key, parts).catch((error: unknown): Outcome => ({ kind: 'retry', error }));
        ended(outcome, clock.monotonicMs() - beganMs);
        return outcome;
      },
      hooks: {
        looked: (key, outcome) => logRetry(log, { [name]: key }, outcome),
        abandoned: (key) => log.warn('its pass did not end in time', { [name]: key }),
      },
    }).finally(served);
  };
  return { row, queue, run };
}

/** What the API server said was told by the pass itself; anything else is a fault of ours. */
function logRetry(log: Log, about: Readonly<Record<string, string>>, outcome: Outcome): void {
  if (outcome.kind !== 'retry') return;
  const { error } = outcome;
  if (error instanceof ApiError) log.debug(`looking again: ${error.message}`, about);
  else log.error(error instanceof Error ? (error.stack ?? error.message) : messageOf(error), about);
}

/** What is remembered of an object's writes and words ends with it. */
function forgetGone(concern: ControllerRow['concern'], { stores, refusals, untold }: Parts): () => void {
  const store: Pick<ReadStore<{ readonly uid: string }>, 'onChange'> = stores[concern];
  return store.onChange(({ before, after }) => {
    if (before === undefined || after?.uid === before.uid) return;
    refusals.forgetOwner(before.uid);
    untold.forget(before.uid);
  });
}

/** Figures of a Station end with it. */
function forgetFigures({ stores, metrics }: Parts): () => void {
  return stores.stations.onChange(({ before, after }) => {
    if (before === undefined || after?.uid === before.uid) return;
    const { namespace, kitchen, station } = before;
    metrics.stationGone({ namespace, kitchen, station });
  });
}

/** Nobody would ever take away the figures of a Station that is gone, or those told after the end of the term. */
function measuringWhatIsThere(metrics: Metrics, stores: Stores, over: AbortSignal): Metrics {
  return {
    ...metrics,
    stationMeasured: (labels, figures) => {
      const key = `${labels.namespace}/${stationName(labels.kitchen, labels.station)}`;
      if (!over.aborted && stores.stations.get(key) !== undefined) metrics.stationMeasured(labels, figures);
    },
  };
}

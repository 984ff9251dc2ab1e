import type { Concern } from '../observe/concerns.ts';
import type { Key } from '../api/kubernetes/key.ts';
import { keyOf } from '../api/kubernetes/key.ts';
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
import type { HubSight } from '../observe/hubSight.ts';
import type { ScalingSight } from '../observe/scalingSight.ts';
import { onConcern } from '../observe/onConcern.ts';
import { ofDoubt, ofHubNews, ofLoad, ofShift, ofSuspicion } from '../observe/concerns.ts';
import type { LeavingSigns } from '../observe/nodes/leavingSigns.ts';
import { watchFleet } from '../observe/nodes/watchFleet.ts';
import type { Stores } from '../observe/stores.ts';
import type { Parts } from '../reconcile.ts';
import { decisionId } from '../report/decisionId.ts';
import type { Log } from '../report/log.ts';
import type { Metrics } from '../report/metrics.ts';
import { Untold } from '../report/untold.ts';
import type { ControllerRow } from './controllers.ts';
import type { World } from './world.ts';

/** What serving a term of leadership needs. */
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
  /** When the nodes of a zone have vanished, the zone still counts as a lost zone for this long. */
  readonly forgetZoneAfterMs: number;
  /** The taints and conditions that announce a node's end. */
  readonly leavingSigns: LeavingSigns;
  /** Absent: there are no hubs. */
  readonly hubs?: HubSight | undefined;
  /** Absent: nobody sets demand by load. */
  readonly scaling?: ScalingSight | undefined;
  /** Asked before every write. */
  readonly mayWrite: () => boolean;
  /** Aborted when the term ends: no new pass begins, and the running ones end. */
  readonly signal: AbortSignal;
  /** Aborted when leadership is lost: calls to the API server end at once. */
  readonly lost: AbortSignal;
}

/** How long running passes may go on at the end. The process has 5 s in all to stop. */
const stopWithinMs = 3_500;

/**
 * Looks after all Kitchens and Stations of a world until the signal is aborted. Each term begins with an empty memory:
 * this process did not see what happened while another one led. After it has resolved, a pass that did not end in time
 * cannot call the API server any more.
 */
export async function serveTerm(options: TermOptions): Promise<void> {
  const { world, signal, controllers } = options;
  const over = new AbortController();
  const running = controllers.map((row) => runner(row, options));
  const wake = ({ atOnce, soon }: Concern): void => {
    for (const { queue, row } of running) {
      for (const key of atOnce[row.concern]) queue.add(key);
      for (const key of soon[row.concern]) queue.addSoon(key);
    }
  };
  const memory = new FirstSeen();
  const onShift = (stations: readonly Key[]): void => wake(ofShift(stations));
  const onDoubt = (stations: readonly Key[]): void => wake(ofDoubt(stations));
  const watchedFleet = watchFleet({ ...world, clock: options.clock, memory, onShift, onDoubt });
  const { fleet } = watchedFleet;
  const parts = { ...makeParts(options, over.signal), memory, fleet, isBehind: () => isBehind(running) };
  const stops = [
    watchedFleet.stop,
    onConcern(world.stores, wake),
    world.suspicion.onFlip((nodes) => wake(ofSuspicion(nodes, world.stores))),
    options.hubs?.onNews((stations) => wake(ofHubNews(stations))) ?? (() => undefined),
    options.scaling?.onNews((stations) => wake(ofLoad(stations))) ?? (() => undefined),
    ...running.map(({ row }) => forgetGone(row.concern, parts)),
    ...(['pods', 'nodes'] as const).map((kind) => forgetAges(world.stores[kind], memory)),
    forgetFigures(parts),
  ];
  for (const { queue, row } of running) for (const key of world.stores[row.concern].keys()) queue.add(key);
  try {
    await Promise.all(running.map(({ run }) => run(parts)));
  } finally {
    over.abort(new Error('the term is over'));
    for (const stop of stops) stop();
    if (signal.aborted) options.metrics.noStations();
  }
}

/** Whether a station waits for a worker. Looking at it comes first, so status writes of all objects wait meanwhile. */
function isBehind(running: readonly Runner[]): boolean {
  return running.some(({ row, queue }) => row.concern === 'stations' && queue.depth > 0);
}

function makeParts(
  { world, client, mayWrite, lost, ...rest }: TermOptions,
  over: AbortSignal,
): Omit<Parts, 'isBehind' | 'memory' | 'fleet'> {
  return {
    ...rest,
    client: fenced(client, { mayWrite, serves: world.serves, writeWithinMs, over: AbortSignal.any([lost, over]) }),
    metrics: measuringWhatIsThere(rest.metrics, world.stores, over),
    learn: learnInto(world.stores),
    stores: world.stores,
    suspicion: world.suspicion,
    refusals: new Refusals(),
    lastLooks: new LastLooks(rest.clock),
    newId: () => decisionId(rest.random),
    untold: new Untold(),
  };
}

interface Runner {
  readonly row: ControllerRow;
  readonly queue: Queue<Key>;
  readonly run: (parts: Parts) => Promise<void>;
}

/** A controller's queue and the loop that empties it, both measured. */
function runner(row: ControllerRow, { clock, random, metrics, log, workers, signal }: TermOptions): Runner {
  const { name, gapMs, gatherMs } = row;
  const queue = new Queue<Key>({ clock, gapMs, gatherMs, hooks: metrics.queueMeter(name) });
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

/** The pass itself has logged what the API server answered. Any other error is a bug of the operator. */
function logRetry(log: Log, about: Readonly<Record<string, string>>, outcome: Outcome): void {
  if (outcome.kind !== 'retry') return;
  const { error } = outcome;
  if (error instanceof ApiError) log.debug(`looking again: ${error.message}`, about);
  else log.error(error instanceof Error ? (error.stack ?? error.message) : messageOf(error), about);
}

/** Drops what is remembered of a Station or Kitchen when it is gone or was made again. */
function forgetGone(concern: ControllerRow['concern'], { stores, refusals, untold }: Parts): () => void {
  const store: Pick<ReadStore<{ readonly uid: string }>, 'onChange'> = stores[concern];
  return store.onChange(({ before, after }) => {
    if (before === undefined || after?.uid === before.uid) return;
    refusals.forgetOwner(before.uid);
    untold.forget(before.uid);
  });
}

/** Drops the ages of what was seen of a pod or node when it is gone. */
function forgetAges(store: Pick<ReadStore<{ readonly uid: string }>, 'onChange'>, memory: FirstSeen): () => void {
  return store.onChange(({ before, after }) => {
    if (before !== undefined && after?.uid !== before.uid) memory.forget(before.uid);
  });
}

/** Drops the metrics of a Station when it is gone or was made again. */
function forgetFigures({ stores, metrics }: Parts): () => void {
  return stores.stations.onChange(({ before, after }) => {
    if (before === undefined || after?.uid === before.uid) return;
    const { namespace, kitchen, station } = before;
    metrics.stationGone({ namespace, kitchen, station });
  });
}

/**
 * Lets no metrics in for a Station that is gone, or after the end of the term. A pass that ends late would write them,
 * and nothing would ever remove them.
 */
function measuringWhatIsThere(metrics: Metrics, stores: Stores, over: AbortSignal): Metrics {
  return {
    ...metrics,
    stationMeasured: (labels, figures) => {
      const key = keyOf({ namespace: labels.namespace, name: stationName(labels.kitchen, labels.station) });
      if (!over.aborted && stores.stations.get(key) !== undefined) metrics.stationMeasured(labels, figures);
    },
  };
}

import { backoffMs } from '../engine/backoff.ts';
import type { Clock } from '../engine/clock.ts';
import type { Client, Selection } from './client.ts';
import { ApiError, isCode } from './errors.ts';
import { listReadings } from './listing.ts';
import { describe } from './path.ts';
import type { Scope } from './path.ts';
import type { StoreFeed } from './store.ts';

export interface ReflectorOptions<T> {
  readonly client: Client;
  readonly of: Scope;
  readonly selection?: Selection;
  readonly store: StoreFeed<T>;
  readonly clock: Clock;
  /** A number in [0, 1), as `Math.random` gives. */
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** Called when a list or watch failed; it is tried again after `waitMs`. */
  readonly onError: (error: unknown, waitMs: number) => void;
  /** Called when a whole list was taken in. */
  readonly onListed?: () => void;
  /** A watch that is silent for this long is taken for dead; 2.5 min by default, since bookmarks come once a minute. */
  readonly idleMs?: number;
}

interface Progress {
  /** The version from which the watch goes on; undefined when everything must be listed first. */
  version: string | undefined;
  /** Failures since the last event, or since a watch ended normally. */
  failures: number;
  /** How many of these were expired versions. */
  expirations: number;
}

/** As client-go: 0.8 s, doubling to 30 s. */
const wait = { baseMs: 800, maxMs: 30_000 };
/** A watch that ends sooner without an event is a failure: otherwise a broken server would be asked without a pause. */
const shortestWatchMs = 1_000;

/**
 * Keeps a store equal to what the API server has: lists, then watches from there, and goes on after every failure until
 * the signal is aborted. It never rejects. What the store knows stays readable during an outage.
 */
export async function runReflector<T>(options: ReflectorOptions<T>): Promise<void> {
  const { signal, clock } = options;
  const progress: Progress = { version: undefined, failures: 0, expirations: 0 };
  while (!signal.aborted) {
    try {
      progress.version ??= await listInto(options);
      await follow(options, progress, progress.version);
    } catch (error) {
      if (signal.aborted) return;
      progress.failures++;
      if (isCode(error, 'expired')) progress.expirations++;
      if (isCode(error, 'expired') || isCode(error, 'notServed')) progress.version = undefined;
      const waitMs = waitAfter(error, progress, options.random);
      options.onError(error, waitMs);
      await clock.sleep(waitMs, signal);
    }
  }
}

async function listInto<T>({ store, ...options }: ReflectorOptions<T>): Promise<string> {
  const { readings, version } = await listReadings<T>({ ...options, read: (object) => store.read(object) });
  store.replace(readings, version);
  options.onListed?.();
  return version;
}

/** Takes in events until the server ends the watch, which it does after 5 to 10 min, a different time for each watch. */
async function follow<T>(options: ReflectorOptions<T>, progress: Progress, from: string): Promise<void> {
  const { client, of, selection, signal, clock, store } = options;
  const startMs = clock.monotonicMs();
  let silent = true;
  const watch = client.watch(of, {
    ...selection,
    resourceVersion: from,
    timeoutSeconds: Math.round(300 + 300 * options.random()),
    signal,
    ...(options.idleMs === undefined ? {} : { idleMs: options.idleMs }),
  });
  for await (const event of watch) {
    silent = false;
    Object.assign(progress, { failures: 0, expirations: 0 });
    if (event.type === 'BOOKMARK') store.heard(event.resourceVersion);
    else if (event.type === 'DELETED') store.deleted(event.object);
    else store.changed(event.object);
    progress.version = event.type === 'BOOKMARK' ? event.resourceVersion : event.object.metadata.resourceVersion;
  }
  if (silent && !signal.aborted && clock.monotonicMs() - startMs < shortestWatchMs) {
    const why = 'the server ended the watch at once, without an event';
    throw new ApiError({ code: 'connection', doing: `watching ${describe(of)}`, why });
  }
  Object.assign(progress, { failures: 0, expirations: 0 });
}

function waitAfter(error: unknown, progress: Progress, random: () => number): number {
  // An expired version is normal the first time: list at once what was missed.
  if (isCode(error, 'expired') && progress.expirations === 1) return 0;
  const waitMs = backoffMs(progress.failures, { ...wait, random });
  const asked = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
  // Not sooner than the server asked for, and not every client at the same moment.
  return Math.max(waitMs, asked * (1 + 0.1 * random()));
}

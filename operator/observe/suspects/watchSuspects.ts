import { ZONE_LABEL } from '../../api/zone.ts';
import type { Clock } from '../../engine/clock.ts';
import type { Stores } from '../stores.ts';
import { Suspects } from './suspects.ts';

/** Says which nodes are suspect now. */
export interface SuspectWatch {
  /** By name, each with the time of its last Lease renewal in seconds since 1970; a new map whenever that changes. */
  readonly suspects: ReadonlyMap<string, number>;
  /** How many ms the node's Lease has not been renewed; undefined when Leases do not tell. */
  readonly silentMs: (node: string) => number | undefined;
  /** Calls the listener with the names of nodes that became suspect or no longer are. Returns how to stop. */
  onFlip(listener: (nodes: readonly string[]) => void): () => void;
}

/** For an operator that does not watch Leases: no node is ever suspect. */
export const nobodySuspect: SuspectWatch = {
  suspects: new Map(),
  silentMs: () => undefined,
  onFlip: () => () => undefined,
};

export interface SuspectOptions {
  readonly stores: Pick<Stores, 'leases' | 'nodes'>;
  readonly clock: Clock;
  /** How long a Lease may go unrenewed, while others are, before its node is suspect. */
  readonly suspectAfterMs: number;
  /** The most zones whose loss a station declares to survive. */
  readonly declaredZones: () => number;
  /** Called when a listener throws; the watch goes on. */
  readonly onError: (error: unknown) => void;
  /** Ends the watch. */
  readonly signal: AbortSignal;
}

/** Follows the Leases in the store, with one timer for all of them. */
export function watchSuspects(options: SuspectOptions): SuspectWatch {
  const { stores, clock, suspectAfterMs, signal } = options;
  const tracker = new Suspects(suspectAfterMs);
  const listeners = new Set<(nodes: readonly string[]) => void>();
  const tell = (nodes: readonly string[]): void => {
    for (const listener of nodes.length === 0 ? [] : listeners) contain(() => listener(nodes), options.onError);
  };
  const stop = stores.leases.onChange(({ before, after }) => {
    if (after !== undefined) tell(tracker.seen(after, clock.monotonicMs()));
    else if (before !== undefined) tell(tracker.gone(before.name));
  });
  const judge = (): void => {
    const nodes = stores.nodes
      .list()
      .map(({ name, labels, ready }) => [name, { zone: labels[ZONE_LABEL] ?? '', isReady: ready === 'True' }] as const);
    tell(tracker.judge(new Map(nodes), Math.max(1, options.declaredZones()), clock.monotonicMs()));
    timer = clock.setTimer(tracker.judgeAgainMs(clock.monotonicMs()), judge);
  };
  let timer = clock.setTimer(suspectAfterMs, judge);
  const end = (): void => {
    stop();
    timer.cancel();
  };
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  return {
    get suspects() {
      return tracker.suspects;
    },
    silentMs: (node) => tracker.silentMs(node, clock.monotonicMs()),
    onFlip: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function contain(run: () => void, onError: (error: unknown) => void): void {
  try {
    run();
  } catch (error) {
    onError(error);
  }
}

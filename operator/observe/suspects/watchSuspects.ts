import { ZONE_LABEL } from '../../api/zone.ts';
import type { Clock } from '../../engine/clock.ts';
import type { Stores } from '../stores.ts';
import type { Turned } from './leaseAges.ts';
import { Suspects } from './suspects.ts';
import { OVERDUE_MS } from './zoneSilence.ts';

/** Says which nodes are suspect now. */
export interface SuspectWatch {
  /** By name, each with the time of its last Lease renewal in seconds since 1970; a new map whenever that changes. */
  readonly suspects: ReadonlyMap<string, number>;
  /** How many ms the node's Lease has not been renewed; undefined when Leases do not tell. */
  readonly silentMs: (node: string) => number | undefined;
  /** Calls the listener with the names of nodes that became suspect or no longer are. Returns how to stop. */
  onFlip(listener: (nodes: readonly string[]) => void): () => void;
  /** Calls the listener with the nodes whose Leases have come to another step of age (leaseAges.ts). Returns how to stop. */
  onTurn(listener: (nodes: Turned) => void): () => void;
}

/** For an operator that does not watch Leases: no node is ever suspect. */
export const nobodySuspect: SuspectWatch = {
  suspects: new Map(),
  silentMs: () => undefined,
  onFlip: () => () => undefined,
  onTurn: () => () => undefined,
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
  const flips = new Listeners<readonly string[]>(options.onError);
  const turns = new Listeners<Turned>(options.onError);
  const tell = (flipped: readonly string[]): void => {
    flips.tell(flipped);
    turns.tell(tracker.ages.takeTurned());
  };
  const stop = stores.leases.onChange(({ before, after }) => {
    if (after !== undefined) tell(tracker.seen(after, clock.monotonicMs()));
    else if (before !== undefined) tell(tracker.gone(before.name));
  });
  const judge = (nowMs: number): readonly string[] => {
    const nodes = stores.nodes
      .list()
      .map(({ name, labels, ready }) => [name, { zone: labels[ZONE_LABEL] ?? '', isReady: ready === 'True' }] as const);
    return tracker.judge(new Map(nodes), Math.max(1, options.declaredZones()), nowMs);
  };
  let judgesAtMs = clock.monotonicMs() + suspectAfterMs;
  const pass = (): void => {
    const nowMs = clock.monotonicMs();
    tracker.ages.turn(nowMs);
    const isDue = nowMs >= judgesAtMs;
    tell(isDue ? judge(nowMs) : []);
    if (isDue) judgesAtMs = nowMs + tracker.judgeAgainMs(nowMs);
    timer = clock.setTimer(leftMs(nowMs), pass);
  };
  // No Lease that is renewed later is overdue sooner. Moments are rounded, so a timer may fire a little too early.
  const leftMs = (nowMs: number): number =>
    Math.max(1, Math.min(judgesAtMs, tracker.ages.turnsAtMs, nowMs + OVERDUE_MS) - nowMs);
  let timer = clock.setTimer(leftMs(clock.monotonicMs()), pass);
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
    onFlip: (listener) => flips.add(listener),
    onTurn: (listener) => turns.add(listener),
  };
}

class Listeners<Names extends readonly string[] | 'all'> {
  readonly #onError: (error: unknown) => void;
  readonly #listeners = new Set<(nodes: Names) => void>();

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  add(listener: (nodes: Names) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Tells all of them, unless there is nobody to tell of. */
  tell(nodes: Names): void {
    if (nodes.length === 0) return;
    for (const listener of this.#listeners) {
      try {
        listener(nodes);
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}

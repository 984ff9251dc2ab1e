import { usualSigns } from '../../../operator/observe/nodes/leavingSigns.ts';
import { FORGET_ZONE_AFTER_MS } from '../../../operator/observe/moment.ts';
import { makeStores } from '../../../operator/observe/stores.ts';
import type { Stores } from '../../../operator/observe/stores.ts';
import { watchSuspects } from '../../../operator/observe/suspects/watchSuspects.ts';
import type { SuspectOptions, SuspectWatch } from '../../../operator/observe/suspects/watchSuspects.ts';
import { silentLog } from '../../../operator/report/log.ts';
import type { Metrics } from '../../../operator/report/metrics.ts';
import type { ControllerRow } from '../../../operator/run/controllers.ts';
import { serveTerm } from '../../../operator/run/term.ts';
import type { TermOptions } from '../../../operator/run/term.ts';
import type { Agenda } from './agenda.ts';
import { SimClient } from './client.ts';
import type { Write } from './client.ts';
import { SimClock } from './clock.ts';
import type { Cluster } from './cluster.ts';
import { Feed } from './feed.ts';
import { LeaseFeed } from './leaseFeed.ts';
import type { Leases } from './leases.ts';
import type { Kind } from './objects.ts';

/** What one process of the operator is born with. */
export interface Birth {
  readonly controllers: readonly ControllerRow[];
  /** Which nodes are suspect, or the Leases by which it finds that out. */
  readonly suspicion: SuspectWatch | WatchedLeases;
  readonly random: () => number;
  /** Takes each write when it arrives; returns false to let it be on its way for longer. */
  readonly arrives: (write: Write) => boolean;
  readonly fail: (error: unknown) => void;
  /** Counts up what it does. */
  readonly spent: Spent;
}

/** What the operator has done besides the steps of its plans. */
export interface Spent {
  looks: number;
  /** Statuses of Station and Kitchen that were written. */
  statuses: number;
  events: number;
}

/** Leases that are watched, and `--suspect-after`. */
export interface WatchedLeases {
  readonly leases: Leases;
  readonly suspectAfterMs: number;
}

/** One process of the operator, from its start to its end, which comes without a warning: what it was at is never ended. */
export class Life {
  readonly client: SimClient;
  readonly #clock: SimClock;
  readonly #feed: Feed;
  readonly #leaseFeed: LeaseFeed | undefined;
  #isUp = true;

  constructor(cluster: Cluster, { fail, arrives, spent, suspicion: by, ...birth }: Birth) {
    const { agenda } = cluster;
    const clock = new SimClock(agenda);
    const stores = makeStores(clock, fail);
    const ended = Promise.resolve();
    this.#clock = clock;
    const suspicion = 'leases' in by ? suspicionBy(by, { stores, clock, onError: fail }) : by;
    this.#leaseFeed = 'leases' in by ? new LeaseFeed(cluster, by.leases, stores.leases) : undefined;
    this.#feed = new Feed(cluster, stores);
    this.client = new SimClient(cluster, { isUp: () => this.#isUp, arrives, says: () => void spent.statuses++, fail });
    const options: TermOptions = {
      ...birth,
      world: { namespace: undefined, stores, suspicion, synced: ended, ended, watches: () => [] },
      client: this.client,
      clock,
      // What it says as an error is a fault of ours.
      log: { ...silentLog, error: (message) => fail(new Error(message)) },
      metrics: onlyLooksMeasured(agenda, () => void spent.looks++),
      events: { record: () => void spent.events++, close: () => ended },
      workers: 1,
      forgetZoneAfterMs: FORGET_ZONE_AFTER_MS,
      leavingSigns: usualSigns,
      mayWrite: () => this.#isUp,
      signal: neverAborted,
      lost: neverAborted,
    };
    agenda.stir();
    serveTerm(options).catch(fail);
  }

  missEvents(kind: Kind, forMs: number): void {
    this.#feed.missEvents(kind, forMs);
  }

  missLeases(forMs: number): void {
    this.#leaseFeed?.miss(forMs);
  }

  end(): void {
    this.#isUp = false;
    this.#clock.stop();
    this.#feed.close();
    this.#leaseFeed?.close();
  }
}

const neverAborted = new AbortController().signal;

/** Suspicion as the operator comes to it; its timer ends with the clock. */
function suspicionBy(
  { suspectAfterMs }: WatchedLeases,
  parts: Pick<SuspectOptions, 'clock' | 'onError'> & { readonly stores: Stores },
): SuspectWatch {
  const declaredZones = (): number =>
    Math.max(0, ...parts.stores.stations.list().map(({ object }) => object.spec.survive.zones));
  return watchSuspects({ ...parts, suspectAfterMs, declaredZones, signal: neverAborted });
}

/** Nobody reads metrics; a queue tells by them that a key was added, which wakes a worker. */
function onlyLooksMeasured(agenda: Agenda, looked: () => void): Metrics {
  const nothing = (): void => undefined;
  return {
    queueMeter: () => ({ added: () => agenda.stir(), taken: nothing, finished: nothing, retried: nothing }),
    serving: () => nothing,
    reconciling: () => looked,
    requested: nothing,
    hubsServed: nothing,
    hubAsks: nothing,
    hubRefused: nothing,
    hubsChose: nothing,
    loadMeasured: nothing,
    loadGone: nothing,
    noLoads: nothing,
    leading: nothing,
    stationMeasured: nothing,
    stationGone: nothing,
    noStations: nothing,
    read: () => Promise.resolve({ contentType: 'text/plain', body: '' }),
  };
}

import { keyOf } from '../api/kubernetes/key.ts';
import type { Key } from '../api/kubernetes/key.ts';
import { stations } from '../api/resources.ts';
import type { Scale } from '../api/scale.ts';
import type { Clock } from '../engine/clock.ts';
import type { Client } from '../kube/client.ts';
import { isCode, messageOf } from '../kube/errors.ts';
import type { EventRecorder } from '../kube/events.ts';
import type { ScalingView } from '../model/scale.ts';
import type { StationObject } from '../observe/objects.ts';
import type { ScalingSight } from '../observe/scalingSight.ts';
import type { Stores } from '../observe/stores.ts';
import type { SuspectWatch } from '../observe/suspects/watchSuspects.ts';
import type { Log } from '../report/log.ts';
import type { Metrics, StationLabels } from '../report/metrics.ts';
import { regarding } from '../report/reportPass.ts';
import { demandSetBy, writeDemand } from './demandWriter.ts';
import { Follower } from './follower.ts';
import { measureMetric } from './measure.ts';
import type { Measurement, LoadSources } from './measure.ts';
import { ReadySince } from './readySince.ts';
import { whyDemand } from './sayings.ts';
import type { Decided } from './sayings.ts';
import { loadedPods, servingSince } from './servingPods.ts';

export interface ScalerOptions {
  readonly stores: Pick<Stores, 'stations' | 'pods' | 'nodes' | 'autoscalers'>;
  readonly suspicion: Pick<SuspectWatch, 'suspects' | 'silentMs'>;
  /** Writes only while this process leads. */
  readonly client: Pick<Client, 'patch'>;
  readonly sources: LoadSources;
  readonly clock: Clock;
  readonly log: Log;
  readonly events: Pick<EventRecorder, 'record'>;
  readonly metrics: Pick<Metrics, 'loadMeasured' | 'loadGone'>;
  readonly newId: () => string;
}

/** A watch tells of a write sooner, unless the versions of the API server went back. */
const SEEN_WITHIN_MS = 10_000;
/** A conflict is looked at again at once; anything else may last. */
const RETRY_MS = 10_000;

interface Followed {
  readonly labels: StationLabels;
  readonly follower: Follower;
  /** A write is on its way. */
  isWriting: boolean;
  /** After a write that failed: the next one comes no sooner. */
  writesAtMs: number;
  /** The version of the Station that our last write made. Until it is seen, the Station looks older than it is. */
  writtenVersion: bigint;
  /** When that write was made. */
  writtenAtMs: number;
}

/** Sets the demand of Stations whose Kitchen asks that it follow load: one more client of their scale subresource. */
export class Scaler implements ScalingSight {
  readonly #options: ScalerOptions;
  readonly #followed = new Map<Key, Followed>();
  readonly #views = new Map<Key, ScalingView>();
  readonly #listeners = new Set<(stations: readonly Key[]) => void>();
  readonly #ready = new ReadySince();
  readonly #news = new Set<Key>();
  /** What the last look at a station failed with. */
  readonly #failures = new Map<Key, string>();

  constructor(options: ScalerOptions) {
    this.#options = options;
  }

  readonly of = (station: Key): ScalingView | undefined => this.#views.get(station);

  readonly onNews = (tell: (stations: readonly Key[]) => void): (() => void) => {
    this.#listeners.add(tell);
    return () => void this.#listeners.delete(tell);
  };

  /** Takes in that a pod is gone. */
  forgetPod(uid: string): void {
    this.#ready.forget(uid);
  }

  /** Looks at every station once. Writes go on afterwards. */
  tick(): void {
    const { stores, sources } = this.#options;
    const seen = new Set<Key>();
    for (const station of stores.stations.list()) {
      const { scale, paused } = station.object.spec;
      if (scale === undefined || station.deleting || paused) continue;
      const key = keyOf(station);
      seen.add(key);
      this.#tryLook(key, station, scale);
    }
    const known = [...this.#followed.keys(), ...this.#views.keys(), ...this.#failures.keys()];
    for (const key of known) if (!seen.has(key)) this.#forget(key);
    const { resource, pods, external, hubs } = sources;
    for (const source of [resource, pods, external, hubs]) source?.sweep();
    this.#tell();
  }

  /** What fails at one station is a bug of the operator, and must not keep the others from being looked at. */
  #tryLook(key: Key, station: StationObject, scale: Scale): void {
    try {
      this.#look(key, station, scale);
      this.#failures.delete(key);
    } catch (error) {
      const why = messageOf(error);
      if (this.#failures.get(key) !== why) {
        const said = error instanceof Error ? (error.stack ?? why) : why;
        this.#options.log.error(`following load: ${said}`, { station: key });
      }
      this.#failures.set(key, why);
    }
  }

  #look(key: Key, station: StationObject, scale: Scale): void {
    const others = this.#options.stores.autoscalers.byIndex('target', key);
    if (others.length > 0) {
      this.#letGo(key);
      const names = others.map(({ name }) => name).toSorted();
      const message = `HorizontalPodAutoscaler ${names.join(', ')} sets demand, so scale holds still: take one of the two out`;
      this.#say(key, { reason: 'ScaledByAnother', message });
      return;
    }
    const followed = this.#followedOf(key, station);
    if (followed.isWriting || this.#isUnseen(followed, station)) return;
    this.#follow(key, { station, scale, followed });
  }

  /** Whether this Station is older than what we wrote. */
  #isUnseen({ writtenVersion, writtenAtMs }: Followed, { resourceVersion }: StationObject): boolean {
    const isLate = this.#options.clock.monotonicMs() - writtenAtMs >= SEEN_WITHIN_MS;
    return !isLate && BigInt(resourceVersion) < writtenVersion;
  }

  #follow(
    key: Key,
    {
      station,
      scale,
      followed,
    }: { readonly station: StationObject; readonly scale: Scale; readonly followed: Followed },
  ): void {
    const { clock, metrics } = this.#options;
    const [nowMs, now] = [clock.monotonicMs(), clock.now()];
    const measured = this.#measureMetric(key, station, scale);
    const { replicas: current } = station.object.spec;
    const { follower } = followed;
    const { decision, overruled } = follower.follow({ scale, current, measured, nowMs, now });
    const isKnown = measured.every(({ load }) => load !== undefined);
    metrics.loadMeasured(followed.labels, { asked: decision.asked?.pods, isKnown });
    if (follower.said !== undefined) this.#say(key, follower.said.view);
    if (decision.demand === current || nowMs < followed.writesAtMs) return;
    const why = whyDemand({ decision, measured, now } satisfies Pick<Decided, 'decision' | 'measured' | 'now'>);
    void this.#write(station, { followed, demand: decision.demand, why, overruled });
  }

  #measureMetric(key: Key, station: StationObject, { metrics }: Scale): readonly Measurement[] {
    const { stores, suspicion, sources, clock } = this.#options;
    const nowMs = clock.monotonicMs();
    const sight = { stores, suspicion, ready: this.#ready, nowMs };
    const pods = loadedPods(key, sight);
    const serving = servingSince(pods, sight);
    const { template } = station.object.spec;
    const measured = { key, namespace: station.namespace, template, pods, serving, nowMs };
    return metrics.map((metric) => measureMetric(metric, measured, sources));
  }

  /** Nobody waits for it: what fails is tried again at a later look. */
  async #write(station: StationObject, { followed, demand, why, overruled }: DemandWrite): Promise<void> {
    const { client, clock, log, events, newId } = this.#options;
    const about = { station: keyOf(station) };
    const before = station.object.spec.replicas;
    followed.isWriting = true;
    try {
      followed.writtenVersion = BigInt(await writeDemand(client, station, demand));
      followed.writtenAtMs = clock.monotonicMs();
      followed.follower.written = demand;
      const id = newId();
      const what = overruled
        ? `demand ${before}, set by ${demandSetBy(station)}, back to ${demand}`
        : `demand ${before} to ${demand}`;
      log.info(`${what}: ${why}`, { ...about, decision: id });
      events.record({
        regarding: regarding(stations, station.object.metadata),
        type: overruled ? 'Warning' : 'Normal',
        reason: overruled ? 'DemandOverruled' : 'DemandScaled',
        action: 'Scale',
        note: `${what}: ${why} [${id}]`,
      });
    } catch (error) {
      if (isCode(error, 'conflict')) return log.debug(`looking again: ${messageOf(error)}`, about);
      followed.writesAtMs = clock.monotonicMs() + RETRY_MS;
      if (!isCode(error, 'aborted')) log.warn(`${messageOf(error)}; trying again in ${RETRY_MS / 1000} s`, about);
    } finally {
      followed.isWriting = false;
    }
  }

  #followedOf(key: Key, { uid, object, namespace, kitchen, station }: StationObject): Followed {
    const known = this.#followed.get(key);
    if (known?.follower.uid === uid) return known;
    const follower = new Follower(uid, object.spec.replicas, this.#options.clock.monotonicMs());
    const followed = {
      labels: { namespace, kitchen, station },
      follower,
      isWriting: false,
      writesAtMs: 0,
      writtenVersion: 0n,
      writtenAtMs: 0,
    };
    this.#followed.set(key, followed);
    return followed;
  }

  #say(key: Key, view: ScalingView): void {
    if (isSameView(this.#views.get(key), view)) return;
    this.#views.set(key, view);
    this.#news.add(key);
  }

  #forget(key: Key): void {
    this.#letGo(key);
    this.#failures.delete(key);
    if (this.#views.delete(key)) this.#news.add(key);
  }

  #letGo(key: Key): void {
    const followed = this.#followed.get(key);
    if (followed !== undefined) this.#options.metrics.loadGone(followed.labels);
    this.#followed.delete(key);
  }

  #tell(): void {
    if (this.#news.size === 0) return;
    const keys = [...this.#news];
    this.#news.clear();
    for (const listener of this.#listeners) listener(keys);
  }
}

interface DemandWrite {
  readonly followed: Followed;
  readonly demand: number;
  readonly why: string;
  readonly overruled: boolean;
}

/** Views are made when there is something new, so equal ones are mostly identical. */
function isSameView(before: ScalingView | undefined, now: ScalingView): boolean {
  return (
    before === now || (before?.reason === now.reason && before.message === now.message && before.load === now.load)
  );
}

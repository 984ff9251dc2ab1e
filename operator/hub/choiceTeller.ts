import type { Key } from '../api/kubernetes/key.ts';
import type { Choice } from '../balance/choose.ts';
import { choiceWords } from '../balance/words.ts';
import type { Clock } from '../engine/clock.ts';
import type { HubMetrics, ServicePortLabels } from '../report/hubMetrics.ts';
import type { Log } from '../report/log.ts';
import type { StationBackend } from './balancer.ts';

export interface ChoiceTellerOptions {
  readonly backend: (name: string) => StationBackend | undefined;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly log: Pick<Log, 'info'>;
  readonly metrics: Pick<HubMetrics, 'hubsChose'>;
}

/** A zone's share has to move so far until it is told again. */
const TOLD_STEP = 0.1;
/** Where nobody sends anything, is no news. */
const RATE_TOLD = 1;
/** A status is a write: where requests go is told there when it has moved, and at most so often. */
const STATUS_EVERY_MS = 30_000;

/** What is told of one backend. */
interface TellingOf {
  readonly name: string;
  readonly station: Key;
  /** By hub zone: the shares that the log has. */
  readonly shares: Map<string, ReadonlyMap<string, number>>;
  /** For the status; undefined: requests stay at home. */
  sending: Outflow | undefined;
  /** When the status was last told. */
  toldMs: number;
}

/** The zone whose hubs send most of their requests away. */
interface Outflow {
  readonly hubZone: string;
  readonly shares: ReadonlyMap<string, number>;
  readonly words: string;
}

/**
 * Tells people where hubs send, and why: in metrics at once, in the log when a tenth of a zone's requests goes elsewhere, and
 * in the station's status while requests leave a zone that has pods.
 */
export class ChoiceTeller {
  readonly #options: ChoiceTellerOptions;
  readonly #told = new Map<string, TellingOf>();
  readonly #listeners = new Set<(stations: readonly Key[]) => void>();

  constructor(options: ChoiceTellerOptions) {
    this.#options = options;
  }

  /** `choice` undefined: nothing is known of the backend any more. */
  tell(name: string, choice: Choice | undefined): void {
    const { backend, metrics } = this.#options;
    metrics.hubsChose(labelsOf(name), choice);
    const station = this.#told.get(name)?.station ?? backend(name)?.station;
    if (station === undefined) return;
    const telling = this.#told.get(name) ?? {
      name,
      station,
      shares: new Map(),
      sending: undefined,
      toldMs: -Infinity,
    };
    if (choice === undefined) this.#told.delete(name);
    else this.#told.set(name, telling);
    if (choice !== undefined) this.#log(name, choice, telling);
    this.#setSending(telling, choice && outflowIn(choice, telling.sending === undefined ? TOLD_STEP : TOLD_STEP / 2));
  }

  /** Where hubs send the requests for a station other than home, and why; undefined: nowhere. */
  sending(station: Key): string | undefined {
    const said = [...this.#told.values()].flatMap((each) =>
      each.station === station ? (each.sending?.words ?? []) : [],
    );
    return said.length === 0 ? undefined : said.join('; ');
  }

  /** Calls back with stations of which `sending` says something else; returns what ends it. */
  onNews(tell: (stations: readonly Key[]) => void): () => void {
    this.#listeners.add(tell);
    return () => this.#listeners.delete(tell);
  }

  #log(name: string, choice: Choice, { station, shares: told }: TellingOf): void {
    for (const [hubZone, shares] of choice.shares) {
      if (!isAsked(choice, hubZone) || !hasMoved(told.get(hubZone) ?? atHome(hubZone, shares), shares)) continue;
      told.set(hubZone, shares);
      const about = { station, port: labelsOf(name).port, zone: hubZone };
      this.#options.log.info(`hubs send to ${choiceWords(hubZone, choice)}`, about);
    }
  }

  #setSending(telling: TellingOf, now: Outflow | undefined): void {
    const nowMs = this.#options.clock.monotonicMs();
    if (isAlike(telling.sending, now)) return;
    // While hubs are heard, an end can wait as well.
    if (nowMs - telling.toldMs < STATUS_EVERY_MS && this.#told.has(telling.name)) return;
    telling.sending = now;
    telling.toldMs = nowMs;
    for (const listener of this.#listeners) listener([telling.station]);
  }
}

/** The name of a backend is that of a port on the hubs: `default.pizzeria-grill.80`. */
function labelsOf(name: string): ServicePortLabels {
  const [namespace = '', service = '', port = ''] = name.split('.');
  return { namespace, service, port };
}

/** Numbers alone change all the time, and are no news. */
function isAlike(told: Outflow | undefined, now: Outflow | undefined): boolean {
  if (told === undefined || now === undefined) return told === now;
  return told.hubZone === now.hubZone && !hasMoved(told.shares, now.shares);
}

/** The hub zone that sends most away from pods of its own; undefined: none sends so much. */
function outflowIn(choice: Choice, least: number): Outflow | undefined {
  const away = [...choice.shares].flatMap(([hubZone, shares]) => {
    const stays = shares.get(hubZone);
    const isNews = stays !== undefined && 1 - stays >= least && isAsked(choice, hubZone);
    return !isNews ? [] : [{ hubZone, shares, part: 1 - stays }];
  });
  const [most] = away.toSorted((a, b) => b.part - a.part);
  if (most === undefined) return undefined;
  const { hubZone, shares } = most;
  return { hubZone, shares, words: `hubs of ${hubZone} send to ${choiceWords(hubZone, choice)}` };
}

function isAsked({ rates }: Choice, hubZone: string): boolean {
  return (rates.get(hubZone) ?? 0) >= RATE_TOLD;
}

/** What goes without saying: a zone with pods sends to these. */
function atHome(hubZone: string, shares: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map([...shares.keys()].map((zone) => [zone, zone === hubZone ? 1 : 0]));
}

function hasMoved(told: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): boolean {
  return [...now].some(([zone, share]) => Math.abs(share - (told.get(zone) ?? 0)) >= TOLD_STEP);
}

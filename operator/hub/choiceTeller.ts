import type { Key } from '../api/kubernetes/key.ts';
import { keyOf } from '../api/kubernetes/key.ts';
import type { Choice } from '../balance/choose.ts';
import { choiceWords } from '../balance/words.ts';
import type { StationObject } from '../observe/objects.ts';
import type { HubMetrics } from '../report/hubMetrics.ts';
import type { Log } from '../report/log.ts';
import type { StationBackend } from './balancer.ts';

export interface ChoiceTellerOptions {
  readonly backend: (name: string) => StationBackend | undefined;
  readonly station: (key: Key) => StationObject | undefined;
  readonly log: Pick<Log, 'info'>;
  readonly metrics: Pick<HubMetrics, 'hubsChose'>;
}

/** A zone's share has to move so far until the log tells it again. */
const TOLD_STEP = 0.1;

/** Tells people where hubs send, and why: in metrics at once, in the log when a tenth of a zone's requests goes elsewhere. */
export class ChoiceTeller {
  readonly #options: ChoiceTellerOptions;
  /** By backend and hub zone: the shares that the log has. */
  readonly #told = new Map<string, Map<string, ReadonlyMap<string, number>>>();

  constructor(options: ChoiceTellerOptions) {
    this.#options = options;
  }

  /** `choice` undefined: nothing is known of the backend any more. */
  tell(name: string, choice: Choice | undefined): void {
    const { backend, station, metrics } = this.#options;
    if (choice === undefined) this.#told.delete(name);
    metrics.hubsChose(name, choice);
    const key = backend(name)?.station;
    const owner = key === undefined ? undefined : station(key);
    if (choice !== undefined && owner !== undefined) this.#log(name, choice, owner);
  }

  #log(name: string, choice: Choice, station: StationObject): void {
    const told = this.#told.get(name) ?? new Map<string, ReadonlyMap<string, number>>();
    this.#told.set(name, told);
    for (const [hubZone, shares] of choice.shares) {
      if (!hasMoved(told.get(hubZone) ?? atHome(hubZone, shares), shares)) continue;
      told.set(hubZone, shares);
      const about = { station: keyOf(station), port: name.slice(name.lastIndexOf('.') + 1), zone: hubZone };
      this.#options.log.info(`hubs send to ${choiceWords(hubZone, choice)}`, about);
    }
  }
}

/** What goes without saying: a zone with pods sends to these. */
function atHome(hubZone: string, shares: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map([...shares.keys()].map((zone) => [zone, zone === hubZone ? 1 : 0]));
}

function hasMoved(told: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): boolean {
  return [...now].some(([zone, share]) => Math.abs(share - (told.get(zone) ?? 0)) >= TOLD_STEP);
}

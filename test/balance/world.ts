import { choose, firstMemory } from '../../operator/balance/choose.ts';
import type { Choice, ChoiceMemory } from '../../operator/balance/choose.ts';
import type { ZonePrice } from '../../operator/balance/flow.ts';
import { noLoad } from '../../operator/balance/load.ts';
import type { ZoneFigures } from '../../operator/balance/zoneFigures.ts';
import type { PairLoad, ZonePods } from '../../operator/balance/load.ts';

/** Five milliseconds between zones. */
export const usualPrice: ZonePrice = (from, to) => (from === to ? 0 : 5);

/** Figures of a zone of six pods in which all is calm. */
export function zoneFigures(zone: string, change: Partial<ZoneFigures> = {}): ZoneFigures {
  return {
    zone,
    pods: 6,
    done: 100,
    inFlight: 6,
    waitS: 0.06,
    lastingWaitS: 0.06,
    isUnheard: false,
    isFailing: false,
    hasLine: false,
    perPod: undefined,
    room: Infinity,
    ...change,
  };
}

/** A zone of the model: its pods, and requests a second that each can do. */
export interface ModelZone extends ZonePods {
  readonly perPod: number;
  /** How long a request takes where none waits, in seconds. */
  readonly serviceS: number;
}

export const TURN_S = 1;

/**
 * Requests as a fluid: each turn the hubs of a zone send their rate by the shares that they have, a zone does as much as it
 * can, and the rest stays under way.
 */
export class FluidWorld {
  zones: readonly ModelZone[];
  /** Requests a second that come to the hubs of each zone. */
  rates: Readonly<Record<string, number>>;
  price: ZonePrice = usualPrice;
  /** By zone: the part of what is done there that fails. */
  readonly failing = new Map<string, number>();
  #memory: ChoiceMemory = firstMemory;
  #shares = new Map<string, ReadonlyMap<string, number>>();
  /** By the pods' zone: requests that wait for their turn. */
  readonly #waiting = new Map<string, number>();

  constructor(zones: readonly ModelZone[], rates: Readonly<Record<string, number>>) {
    this.zones = zones;
    this.rates = rates;
  }

  /** One turn of the world and of the loop. */
  turn(): Choice {
    const pairs = this.#send();
    const choice = choose(
      {
        hubZones: Object.keys(this.rates),
        zones: this.zones,
        between: (from, to) => pairs.get(`${from} ${to}`) ?? noLoad,
      },
      this.price,
      { dtS: TURN_S, before: this.#memory },
    );
    this.#memory = choice.memory;
    this.#shares = new Map(choice.shares);
    return choice;
  }

  /** Many turns; returns the last choices. */
  turns(many: number): readonly Choice[] {
    return Array.from({ length: many }, () => this.turn());
  }

  #send(): ReadonlyMap<string, PairLoad> {
    const sent = Object.entries(this.rates).flatMap(([from, rate]) =>
      this.zones.map(({ zone }) => ({ from, to: zone, issued: rate * this.#shareOf(from, zone) })),
    );
    const pairs = new Map<string, PairLoad>();
    for (const { zone, pods, perPod, serviceS } of this.zones) {
      const into = sent.filter(({ to }) => to === zone);
      const issued = into.reduce((sum, each) => sum + each.issued, 0);
      const waiting = this.#waiting.get(zone) ?? 0;
      const done = Math.min(pods * perPod, issued + waiting / TURN_S);
      const left = Math.max(0, waiting + (issued - done) * TURN_S);
      this.#waiting.set(zone, left);
      const inFlight = left + done * serviceS;
      for (const each of into) {
        const part = issued > 0 ? each.issued / issued : 1 / into.length;
        pairs.set(`${each.from} ${zone}`, {
          issued: each.issued,
          done: done * part,
          failed: done * part * (this.failing.get(zone) ?? 0),
          inFlight: inFlight * part,
        });
      }
    }
    return pairs;
  }

  #shareOf(from: string, to: string): number {
    const shares = this.#shares.get(from);
    // Before anything is known, hubs keep to their own zone, or to all where it has no pods.
    if (shares === undefined) return from === to ? 1 : 0;
    return shares.get(to) ?? 0;
  }
}

/** The share that one zone's hubs send to another, in points. */
export function points({ shares }: Choice, from: string, to: string): number {
  return Math.round(100 * (shares.get(from)?.get(to) ?? 0));
}

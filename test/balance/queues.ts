import { choose, firstMemory } from '../../operator/balance/choose.ts';
import type { Choice, ChoiceMemory } from '../../operator/balance/choose.ts';
import { LoadReports } from '../../operator/balance/reports.ts';
import type { ZonePrice } from '../../operator/balance/flow.ts';
import { steadyShares } from '../../operator/balance/steady.ts';
import type { Endpoint, ZoneShares } from '../../operator/traffic/form.ts';
import { weightsFor } from '../../operator/traffic/weights.ts';
import { Chance } from '../../tools/simulate/sim/chance.ts';
import { TURN_S, usualPrice } from './world.ts';

/** How hubs choose: by weight and by what they have open to a pod, as Envoy does, or the better of two of all pods. */
export type Chooser = 'Told' | 'LeastOfTwo';

/** A request that was answered. */
export interface Answered {
  /** When it came, in seconds. */
  readonly atS: number;
  readonly tookS: number;
  readonly from: string;
  readonly to: string;
}

interface QueuePod {
  readonly zone: string;
  readonly line: (() => void)[];
  busy: number;
}

interface QueueHub {
  readonly zone: string;
  readonly name: string;
  readonly open: Map<QueuePod, number>;
  readonly told: Map<string, { issued: number; done: number; inFlight: number }>;
}

export interface QueueOptions {
  readonly chooser: Chooser;
  readonly hubsPerZone?: number;
  /** Requests a second in each zone, at a time in seconds. */
  readonly ratesAt: (atS: number) => Readonly<Record<string, number>>;
  readonly seconds: number;
  /** Called once a second. */
  readonly each?: (world: QueueWorld, atS: number) => void;
}

const SERVICE_S = 0.06;
const WORKERS = 2;
const BACKEND = 'default.pizzeria-grill.80';
const BIAS = 3;

/**
 * Requests one by one: pods that answer two at once, in 30 to 90 ms, hubs that know only what they have open themselves, and
 * the loop that hears of them each second. All random numbers come from a seed.
 */
export class QueueWorld {
  readonly answered: Answered[] = [];
  readonly choices: Choice[] = [];
  price: ZonePrice = usualPrice;
  pods: QueuePod[];
  /** By zone: pods take so many times as long. */
  readonly slower = new Map<string, number>();
  readonly #options: QueueOptions;
  readonly #hubs: readonly QueueHub[];
  readonly #reports = new LoadReports();
  readonly #events: { readonly atS: number; readonly run: () => void }[] = [];
  #memory: ChoiceMemory = firstMemory;
  #shares: ZoneShares | undefined;
  #nowS = 0;
  readonly #chance: Chance;

  constructor(zones: Readonly<Record<string, number>>, options: QueueOptions, seed = 1) {
    this.#options = options;
    this.#chance = new Chance(seed);
    this.pods = Object.entries(zones).flatMap(([zone, many]) =>
      Array.from({ length: many }, (): QueuePod => ({ zone, line: [], busy: 0 })),
    );
    this.#hubs = Object.keys(options.ratesAt(0)).flatMap((zone) =>
      Array.from({ length: options.hubsPerZone ?? 1 }, (_, index) => ({
        zone,
        name: `${zone}-${index}`,
        open: new Map<QueuePod, number>(),
        told: new Map<string, { issued: number; done: number; inFlight: number }>(),
      })),
    );
  }

  run(): this {
    for (let atS = 0; atS < this.#options.seconds; atS += 1) {
      this.#options.each?.(this, atS);
      for (const [zone, rate] of Object.entries(this.#options.ratesAt(atS)))
        for (let sent = 0; sent < rate; sent += 1) this.#at(atS + this.#chance.next(), () => this.#ask(zone));
      if (atS > 0 && atS % TURN_S === 0) this.#at(atS, () => this.#turn());
      this.#play(atS + 1);
    }
    return this;
  }

  #at(atS: number, run: () => void): void {
    // A heap would be quicker; the list is nearly sorted, and this is short.
    let index = this.#events.length;
    while (index > 0 && (this.#events[index - 1]?.atS ?? 0) < atS) index -= 1;
    this.#events.splice(index, 0, { atS, run });
  }

  /** The last of the events is the next. */
  #play(untilS: number): void {
    for (;;) {
      const next = this.#events.at(-1);
      if (next === undefined || next.atS >= untilS) return;
      this.#events.pop();
      this.#nowS = next.atS;
      next.run();
    }
  }

  #ask(zone: string): void {
    const own = this.#hubs.filter((hub) => hub.zone === zone);
    const hub = own[Math.floor(this.#chance.next() * own.length)];
    if (hub === undefined) return;
    const pod = this.#options.chooser === 'Told' ? this.#byWeight(hub) : this.#leastOfTwo(hub);
    const told = hub.told.get(pod.zone) ?? { issued: 0, done: 0, inFlight: 0 };
    hub.told.set(pod.zone, told);
    told.issued += 1;
    told.inFlight += 1;
    hub.open.set(pod, (hub.open.get(pod) ?? 0) + 1);
    const cameS = this.#nowS;
    pod.line.push(() => {
      told.done += 1;
      told.inFlight -= 1;
      hub.open.set(pod, (hub.open.get(pod) ?? 0) - 1);
      this.answered.push({ atS: cameS, tookS: this.#nowS - cameS, from: zone, to: pod.zone });
    });
    this.#work(pod);
  }

  #work(pod: QueuePod): void {
    if (pod.busy >= WORKERS) return;
    const done = pod.line.shift();
    if (done === undefined) return;
    pod.busy += 1;
    const tookS = SERVICE_S * (0.5 + this.#chance.next()) * (this.slower.get(pod.zone) ?? 1);
    this.#at(this.#nowS + tookS, () => {
      pod.busy -= 1;
      done();
      this.#work(pod);
    });
  }

  #byWeight({ zone, open }: QueueHub): QueuePod {
    const weightOf = weightsFor(zone, { endpoints: this.pods.map(endpoint), shares: this.#shares });
    const weights = this.pods.map((pod) => weightOf(pod.zone) / ((open.get(pod) ?? 0) + 1) ** BIAS);
    let left = this.#chance.next() * weights.reduce((sum, weight) => sum + weight, 0);
    const index = weights.findIndex((weight) => (left -= weight) < 0);
    return this.#pod(index);
  }

  #leastOfTwo({ open }: QueueHub): QueuePod {
    const [a, b] = [this.#any(), this.#any()];
    return (open.get(a) ?? 0) <= (open.get(b) ?? 0) ? a : b;
  }

  #any(): QueuePod {
    return this.#pod(Math.floor(this.#chance.next() * this.pods.length));
  }

  #pod(index: number): QueuePod {
    const pod = this.pods[index] ?? this.pods.at(-1);
    if (pod === undefined) throw new Error('there is no pod');
    return pod;
  }

  #turn(): void {
    for (const { name, zone, told } of this.#hubs) {
      const zones = [...told].map(([to, load]) => ({ zone: to, failed: 0, ...load }));
      this.#reports.hear(
        { pod: name, id: '1', hubZone: zone },
        [{ backend: BACKEND, overS: TURN_S, zones }],
        this.#nowS * 1000,
      );
      for (const load of told.values()) [load.issued, load.done] = [0, 0];
    }
    const zones = [...Map.groupBy(this.pods, ({ zone }) => zone)].map(([zone, { length }]) => ({ zone, pods: length }));
    const choice = choose({ ...this.#reports.loadOf(BACKEND, this.#nowS * 1000), zones }, this.price, {
      dtS: TURN_S,
      before: this.#memory,
    });
    this.#memory = choice.memory;
    this.#shares = steadyShares(this.#shares, choice.shares);
    this.choices.push(choice);
  }
}

function endpoint({ zone }: QueuePod): Endpoint {
  return { address: '10.0.0.1', port: 80, zone, state: 'Serving' };
}

/** How long the slowest hundredth took in milliseconds, and the percentage that went to other zones, from a time on. */
export function measured(
  answered: readonly Answered[],
  fromS: number,
): { readonly p99Ms: number; readonly cross: number } {
  const counted = answered.filter(({ atS }) => atS >= fromS);
  const took = counted.map(({ tookS }) => tookS).toSorted((a, b) => a - b);
  const cross = counted.filter(({ from, to }) => from !== to).length;
  return {
    p99Ms: 1000 * (took[Math.floor(took.length * 0.99)] ?? 0),
    cross: (100 * cross) / Math.max(1, counted.length),
  };
}

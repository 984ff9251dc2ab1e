import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

/** What hubs ask this replica for, what they refuse, and where they send. */
export interface HubMetrics {
  /** From now on resources of these types may be refused. A count that begins with 1 has never risen for Prometheus. */
  hubsServed(types: readonly string[]): void;
  /** A stream of a hub's Envoy began, or ended. */
  hubAsks(isOpen: boolean): void;
  /** An Envoy refused a resource of this type, and goes on with what it had. */
  hubRefused(type: string): void;
  /** Where the requests for a port of a station go, and what is known of its zones; undefined: nothing any more. */
  hubsChose(port: ServicePortLabels, choice: ChosenFigures | undefined): void;
}

/** A port of a station's Service, as the hubs' own metrics name it. */
export interface ServicePortLabels {
  readonly namespace: string;
  readonly service: string;
  readonly port: string;
}

/** Where requests go, in numbers. */
export interface ChosenFigures {
  /** From 0 to 1, by the hub's zone and then by the pods' zone. */
  readonly shares: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Requests a second, by the hub's zone. */
  readonly rates: ReadonlyMap<string, number>;
  readonly figures: readonly {
    readonly zone: string;
    readonly done: number;
    readonly inFlight: number;
    readonly waitS: number | undefined;
  }[];
}

export function hubMeters(registry: Registry): HubMetrics {
  const registers = [registry];
  const streams = new Gauge({
    name: 'kitchen_hub_streams',
    help: 'Envoys of hubs that this replica serves.',
    registers,
  });
  const refusals = new Counter({
    name: 'kitchen_hub_refusals_total',
    help: 'Resources that an Envoy of a hub has refused; the log names resource and field.',
    labelNames: ['type'],
    registers,
  });
  return {
    hubsServed: (types) => {
      for (const type of types) refusals.inc({ type }, 0);
    },
    hubAsks: (isOpen) => (isOpen ? streams.inc() : streams.dec()),
    hubRefused: (type) => refusals.inc({ type }),
    hubsChose: choiceMeter(registry),
  };
}

function choiceMeter(registry: Registry): HubMetrics['hubsChose'] {
  const gauge = (name: string, help: string, labels: readonly string[]): Gauge =>
    new Gauge({
      name: `kitchen_hub_${name}`,
      help,
      labelNames: ['namespace', 'service', 'port', ...labels],
      registers: [registry],
    });
  const asked = gauge('requests_per_second', 'Requests that come to the hubs of a zone.', ['from']);
  const share = gauge('share', 'Part of the requests of the hubs of a zone that goes to the pods of another, 0 to 1.', [
    'from',
    'to',
  ]);
  const done = gauge('done_per_second', 'Requests that the pods of a zone answer, or that fail there.', ['to']);
  const inFlight = gauge('in_flight', 'Requests that are under way to the pods of a zone.', ['to']);
  const wait = gauge('wait_seconds', 'How long a request to the pods of a zone takes; none where too few are made.', [
    'to',
  ]);
  /** The series of each port. */
  const series = new Map<string, readonly (() => void)[]>();
  return (port, choice) => {
    const name = Object.values(port).join('.');
    for (const remove of series.get(name) ?? []) remove();
    series.delete(name);
    if (choice === undefined) return;
    const removals: (() => void)[] = [];
    const set = (meter: Gauge, labels: Readonly<Record<string, string>>, value: number): void => {
      meter.set({ ...port, ...labels }, value);
      removals.push(() => meter.remove({ ...port, ...labels }));
    };
    for (const [from, rate] of choice.rates) set(asked, { from }, rate);
    for (const [from, shares] of choice.shares) for (const [to, part] of shares) set(share, { from, to }, part);
    for (const each of choice.figures) {
      const to = { to: each.zone };
      set(done, to, each.done);
      set(inFlight, to, each.inFlight);
      if (each.waitS !== undefined) set(wait, to, each.waitS);
    }
    series.set(name, removals);
  };
}

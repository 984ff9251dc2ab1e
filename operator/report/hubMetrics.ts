import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

/** What hubs ask this replica for, and what they refuse. */
export interface HubMetrics {
  /** From now on resources of these types may be refused. A count that begins with 1 has never risen for Prometheus. */
  hubsServed(types: readonly string[]): void;
  /** A stream of a hub's Envoy began, or ended. */
  hubAsks(isOpen: boolean): void;
  /** An Envoy refused a resource of this type, and goes on with what it had. */
  hubRefused(type: string): void;
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
  };
}

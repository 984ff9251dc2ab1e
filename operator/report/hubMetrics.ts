import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

/** What hubs ask this replica for, and what they refuse. */
export interface HubMetrics {
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
    hubAsks: (isOpen) => (isOpen ? streams.inc() : streams.dec()),
    hubRefused: (type) => refusals.inc({ type }),
  };
}

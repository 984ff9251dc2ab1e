import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import { controllerMetrics } from './controllerMetrics.ts';
import type { ControllerMetrics } from './controllerMetrics.ts';
import { hubMeters } from './hubMetrics.ts';
import type { HubMetrics } from './hubMetrics.ts';
import { loadMeters } from './loadMetrics.ts';
import type { LoadMetrics } from './loadMetrics.ts';

/** Whose figures they are: the label values of every gauge of a station. */
export interface StationLabels {
  readonly namespace: string;
  readonly kitchen: string;
  readonly station: string;
}

/** The figures of one station. `margin`: sure pods above demand, negative when there are fewer. */
interface StationFigures {
  readonly demand: number;
  readonly target: number;
  readonly ready: number;
  readonly surplus: number;
  readonly margin: number;
  /** 1 when the pods, as they are placed now, survive every declared loss, else 0. */
  readonly survivable: number;
  /** Zones that requests are to leave. */
  readonly shifted: number;
}

/** All metrics, in a registry of their own, under names that controller-runtime and client-go use where they have one. */
export interface Metrics extends ControllerMetrics, HubMetrics, LoadMetrics {
  requested(method: string, code: string): void;
  leading(name: string, isLeader: boolean): void;
  stationMeasured(labels: StationLabels, figures: StationFigures): void;
  stationGone(labels: StationLabels): void;
  /** This replica no longer measures stations: another one leads. */
  noStations(): void;
  read(): Promise<{ readonly contentType: string; readonly body: string }>;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return {
    ...controllerMetrics(registry),
    ...clientMeters(registry),
    ...stationMeters(registry),
    ...hubMeters(registry),
    ...loadMeters(registry),
    read: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}

function clientMeters(registry: Registry): Pick<Metrics, 'requested' | 'leading'> {
  const registers = [registry];
  const requests = new Counter({
    name: 'rest_client_requests_total',
    help: 'Calls to the API server; the code is <error> when it did not answer.',
    labelNames: ['code', 'method'],
    registers,
  });
  const leader = new Gauge({
    name: 'leader_election_master_status',
    help: '1 while this replica leads.',
    labelNames: ['name'],
    registers,
  });
  return {
    requested: (method, code) => requests.inc({ method, code }),
    leading: (name, isLeader) => leader.set({ name }, isLeader ? 1 : 0),
  };
}

function stationMeters(registry: Registry): Pick<Metrics, 'stationMeasured' | 'stationGone' | 'noStations'> {
  const labelNames = ['namespace', 'kitchen', 'station'];
  const gauge = (name: string, help: string): Gauge =>
    new Gauge({ name: `kitchen_station_${name}`, help, labelNames, registers: [registry] });
  const gauges: Readonly<Record<keyof StationFigures, Gauge>> = {
    demand: gauge('demand', 'Ready pods that must always serve.'),
    target: gauge('target', 'Pods wanted, those for losses included.'),
    ready: gauge('ready', 'Ready pods that serve.'),
    surplus: gauge('surplus', 'Ready pods above demand.'),
    margin: gauge('margin', 'Sure pods above demand; negative when demand is not met.'),
    survivable: gauge('survivable', '1 when the pods, as they are placed now, survive every declared loss, else 0.'),
    shifted: gauge('shifted', 'Zones that requests are to leave, because of spec.shifts.'),
  };
  const names = Object.keys(gauges) as (keyof StationFigures)[];
  return {
    stationMeasured: (labels, figures) => {
      for (const name of names) gauges[name].set({ ...labels }, figures[name]);
    },
    stationGone: (labels) => {
      for (const name of names) gauges[name].remove({ ...labels });
    },
    noStations: () => {
      for (const name of names) gauges[name].reset();
    },
  };
}

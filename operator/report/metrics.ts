import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

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
  /** 1 when the placement survives what is declared, else 0. */
  readonly survivable: number;
}

export type ReconcileResult = 'success' | 'requeue_after' | 'error';

/** What a work queue tells, as `engine`'s queue names it. */
interface QueueMeter {
  depth(keys: number): void;
  added(): void;
  taken(waitedMs: number): void;
  finished(workedMs: number): void;
  retried(): void;
}

/** Everything that is counted, on a registry of its own, under the names that controller-runtime and client-go made known. */
export interface Metrics {
  queueMeter(name: string): QueueMeter;
  /** A look begins; call what comes back when it ends. */
  reconciling(controller: string): (result: ReconcileResult, tookMs: number) => void;
  requested(method: string, code: string): void;
  leading(name: string, isLeader: boolean): void;
  stationMeasured(labels: StationLabels, figures: StationFigures): void;
  stationGone(labels: StationLabels): void;
  /** This replica measures no station any more: another leads. */
  noStations(): void;
  read(): Promise<{ readonly contentType: string; readonly body: string }>;
}

const seconds = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return {
    queueMeter: queueMeters(registry),
    reconciling: reconcileMeter(registry),
    ...clientMeters(registry),
    ...stationMeters(registry),
    read: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}

function queueMeters(registry: Registry): Metrics['queueMeter'] {
  const registers = [registry];
  const labelNames = ['name'];
  const depth = new Gauge({ name: 'workqueue_depth', help: 'Keys that wait.', labelNames, registers });
  const adds = new Counter({ name: 'workqueue_adds_total', help: 'Keys added.', labelNames, registers });
  const retries = new Counter({
    name: 'workqueue_retries_total',
    help: 'Keys added after a failure.',
    labelNames,
    registers,
  });
  const timed = { labelNames, registers, buckets: seconds };
  const waited = new Histogram({ name: 'workqueue_queue_duration_seconds', help: 'How long a key waited.', ...timed });
  const worked = new Histogram({ name: 'workqueue_work_duration_seconds', help: 'How long a key took.', ...timed });
  return (name) => {
    depth.set({ name }, 0);
    adds.inc({ name }, 0);
    retries.inc({ name }, 0);
    return {
      depth: (keys) => depth.set({ name }, keys),
      added: () => adds.inc({ name }),
      taken: (waitedMs) => waited.observe({ name }, waitedMs / 1000),
      finished: (workedMs) => worked.observe({ name }, workedMs / 1000),
      retried: () => retries.inc({ name }),
    };
  };
}

function reconcileMeter(registry: Registry): Metrics['reconciling'] {
  const registers = [registry];
  const labelNames = ['controller'];
  const total = new Counter({
    name: 'controller_runtime_reconcile_total',
    help: 'Looks by result.',
    labelNames: ['controller', 'result'],
    registers,
  });
  const time = new Histogram({
    name: 'controller_runtime_reconcile_time_seconds',
    help: 'How long a look took.',
    labelNames,
    registers,
    buckets: seconds,
  });
  const active = new Gauge({
    name: 'controller_runtime_active_workers',
    help: 'Looks under way.',
    labelNames,
    registers,
  });
  return (controller) => {
    active.inc({ controller });
    return (result, tookMs) => {
      active.dec({ controller });
      total.inc({ controller, result });
      time.observe({ controller }, tookMs / 1000);
    };
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
    demand: gauge('demand', 'Ready pods that serve the load.'),
    target: gauge('target', 'Pods wanted, those for losses included.'),
    ready: gauge('ready', 'Ready pods that serve.'),
    surplus: gauge('surplus', 'Ready pods above demand.'),
    margin: gauge('margin', 'Sure pods above demand; negative when demand is not met.'),
    survivable: gauge('survivable', '1 when the placement as it is survives what is declared, else 0.'),
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

import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Outcome } from '../engine/outcome.ts';
import type { QueueHooks } from '../engine/queue.ts';
import { verdict } from '../kube/errors.ts';

/** A controller as it is now: how many keys wait, how old each key in hand is, and how many may be in hand at once. */
export interface Serving {
  readonly queue: { readonly depth: number; inHandMs(): ReadonlyMap<string, number> };
  readonly workers: number;
}

/** Metrics of controllers and their queues. Controllers of one name, one for each namespace, are counted together. */
export interface ControllerMetrics {
  queueMeter(name: string): Required<Omit<QueueHooks, 'depth'>>;
  /** The controller begins to serve; call the returned function when it ends. */
  serving(name: string, controller: Serving): () => void;
  /** A look begins; call the returned function when it ends. */
  reconciling(name: string): (outcome: Outcome, tookMs: number) => void;
}

const seconds = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Measures of work queues and controllers under the names of client-go and controller-runtime. */
export function controllerMetrics(registry: Registry): ControllerMetrics {
  return { queueMeter: queueMeters(registry), serving: servingMeter(registry), reconciling: reconcileMeter(registry) };
}

function queueMeters(registry: Registry): ControllerMetrics['queueMeter'] {
  const common = { labelNames: ['name'], registers: [registry] };
  const timed = { ...common, buckets: seconds };
  const adds = new Counter({ name: 'workqueue_adds_total', help: 'Keys added.', ...common });
  const retries = new Counter({ name: 'workqueue_retries_total', help: 'Keys added after a failure.', ...common });
  const waited = new Histogram({ name: 'workqueue_queue_duration_seconds', help: 'How long a key waited.', ...timed });
  const worked = new Histogram({ name: 'workqueue_work_duration_seconds', help: 'How long a key took.', ...timed });
  return (name) => {
    adds.inc({ name }, 0);
    retries.inc({ name }, 0);
    return {
      added: () => adds.inc({ name }),
      taken: (waitedMs) => waited.observe({ name }, waitedMs / 1000),
      finished: (workedMs) => worked.observe({ name }, workedMs / 1000),
      retried: () => retries.inc({ name }),
    };
  };
}

/** Gauges that are read when the metrics are fetched: work that never ends shows in no metric that counts at the end. */
function servingMeter(registry: Registry): ControllerMetrics['serving'] {
  const byName = new Map<string, Set<Serving>>();
  const gauge = (name: string, help: string, read: (all: readonly Serving[]) => number): void => {
    const label = name.startsWith('workqueue') ? 'name' : 'controller';
    const collect = function (this: Gauge): void {
      for (const [value, all] of byName) this.set({ [label]: value }, read([...all]));
    };
    void new Gauge({ name, help, labelNames: [label], registers: [registry], collect });
  };
  const inHandSeconds = (all: readonly Serving[]): readonly number[] =>
    all.flatMap(({ queue }) => [...queue.inHandMs().values()].map((ms) => ms / 1000));
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
  gauge('workqueue_depth', 'Keys that wait.', (all) => sum(all.map(({ queue }) => queue.depth)));
  gauge('workqueue_unfinished_work_seconds', 'Age of all keys in hand.', (all) => sum(inHandSeconds(all)));
  gauge('workqueue_longest_running_processor_seconds', 'Age of the oldest key in hand.', (all) =>
    Math.max(0, ...inHandSeconds(all)),
  );
  gauge('controller_runtime_max_concurrent_reconciles', 'Reconciles that may run at once.', (all) =>
    sum(all.map(({ workers }) => workers)),
  );
  return (name, controller) => {
    const all = byName.get(name) ?? new Set();
    byName.set(name, all.add(controller));
    return () => all.delete(controller);
  };
}

function reconcileMeter(registry: Registry): ControllerMetrics['reconciling'] {
  const common = { labelNames: ['controller'], registers: [registry] };
  const total = new Counter({
    ...common,
    name: 'controller_runtime_reconcile_total',
    help: 'Reconciles by result.',
    labelNames: ['controller', 'result'],
  });
  const errors = new Counter({
    ...common,
    name: 'controller_runtime_reconcile_errors_total',
    help: 'Reconciles that failed.',
  });
  const time = new Histogram({
    ...common,
    name: 'controller_runtime_reconcile_time_seconds',
    help: 'How long a reconcile took.',
    buckets: seconds,
  });
  const active = new Gauge({ ...common, name: 'controller_runtime_active_workers', help: 'Reconciles under way.' });
  return (controller) => {
    active.inc({ controller });
    return (outcome, tookMs) => {
      const result = resultOf(outcome);
      active.dec({ controller });
      total.inc({ controller, result });
      errors.inc({ controller }, result === 'error' ? 1 : 0);
      time.observe({ controller }, tookMs / 1000);
    };
  };
}

/** A look at outdated objects is no error: others write too, and the next look is right. */
function resultOf(outcome: Outcome): 'success' | 'requeue' | 'requeue_after' | 'error' {
  switch (outcome.kind) {
    case 'done':
      return 'success';
    case 'again':
      return 'requeue_after';
    case 'retry':
      break;
  }
  const { kind } = verdict(outcome.error);
  return kind === 'stale' || kind === 'gone' ? 'requeue' : 'error';
}

import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { StationLabels } from './metrics.ts';

/** What is known of the load of one station. */
interface LoadFigures {
  /** Pods that load asks for, before bounds and window; undefined: it is not known. */
  readonly asked: number | undefined;
  /** Every metric is known and fresh. */
  readonly isKnown: boolean;
}

/** Measures of the stations whose demand follows load: two gauges for each. */
export interface LoadMetrics {
  loadMeasured(labels: StationLabels, figures: LoadFigures): void;
  loadGone(labels: StationLabels): void;
  /** This replica follows no load any more: another one leads. */
  noLoads(): void;
}

export function loadMeters(registry: Registry): LoadMetrics {
  const common = { labelNames: ['namespace', 'kitchen', 'station'], registers: [registry] };
  const asked = new Gauge({
    name: 'kitchen_station_load_pods',
    help: 'Pods that load asks for, before bounds and window.',
    ...common,
  });
  const known = new Gauge({
    name: 'kitchen_station_load_known',
    help: '1 when every metric that demand follows is known and fresh, else 0: then demand is held.',
    ...common,
  });
  return {
    loadMeasured: (labels, figures) => {
      known.set({ ...labels }, figures.isKnown ? 1 : 0);
      if (figures.asked === undefined) asked.remove({ ...labels });
      else asked.set({ ...labels }, figures.asked);
    },
    loadGone: (labels) => {
      for (const gauge of [asked, known]) gauge.remove({ ...labels });
    },
    noLoads: () => {
      for (const gauge of [asked, known]) gauge.reset();
    },
  };
}

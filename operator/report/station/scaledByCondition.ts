import type { StatedCondition } from '../../api/conditions.ts';
import type { AutoscalerView, ScalingMetric } from '../../model/snapshot.ts';
import type { StationFacts } from './facts.ts';

type ScaledBy = Extract<StatedCondition, { readonly type: 'ScaledBy' }>;

/** The metric that Kubernetes uses when an autoscaler names none. */
const usual: ScalingMetric = { name: 'cpu', source: 'Resource', target: 'Utilization' };

/** Kinds of targets that need a warning, and the warning. */
const caveats = [
  {
    target: 'Value',
    words:
      'a Value target is multiplied by pods ÷ demand at each sync, so demand grows up to maxReplicas: use AverageValue',
  },
  {
    target: 'Utilization',
    words:
      'Utilization is an average over all pods, the spare ones too: a jump in load may stay within its tolerance, and demand stays as it is while pods of a lost node have no metrics; an External metric with AverageValue does neither',
  },
] as const;

/** Which autoscaler sets the station's demand, and by which metrics; undefined while none does. */
export function scaledByCondition({ snapshot }: StationFacts): ScaledBy | undefined {
  const { autoscalers } = snapshot;
  if (autoscalers.length === 0) return undefined;
  const targets = new Set(autoscalers.flatMap((each) => metricsOf(each).map(({ target }) => target)));
  const known = caveats.filter(({ target }) => targets.has(target)).map(({ words }) => words);
  const reason = targets.has('Value') ? 'ValueTarget' : 'Autoscaler';
  return { type: 'ScaledBy', status: 'True', reason, message: [...autoscalers.map(inWords), ...known].join('; ') };
}

function inWords(autoscaler: AutoscalerView): string {
  const metrics = metricsOf(autoscaler).map(({ name, source, target }) => `${source} ${name} (${target})`);
  return `HorizontalPodAutoscaler ${autoscaler.name} sets demand by ${metrics.join(', ')}`;
}

function metricsOf({ metrics }: AutoscalerView): readonly ScalingMetric[] {
  return metrics.length === 0 ? [usual] : metrics;
}

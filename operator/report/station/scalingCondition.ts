import type { StatedCondition } from '../../api/conditions.ts';
import { findCondition } from '../../api/conditions.ts';
import type { LoadStatus } from '../../api/status.ts';
import type { StationFacts } from './facts.ts';

type Scaling = Extract<StatedCondition, { readonly type: 'Scaling' }>;

/** Whether demand follows load; undefined where it is not to, or before anything is known. */
export function scalingCondition({ snapshot }: Pick<StationFacts, 'snapshot'>): Scaling | undefined {
  const { scaling, station } = snapshot;
  if (scaling !== undefined) {
    const { reason, message } = scaling;
    return { type: 'Scaling', status: reason === 'ValidMetric' ? 'True' : 'False', reason, message };
  }
  // An operator that has just begun to lead knows nothing yet, and what was said holds.
  const said = station.spec.scale && findCondition(station.status?.conditions ?? [], 'Scaling');
  if (said === undefined || said.reason === 'ScaledByAnother') return undefined;
  return { type: 'Scaling', status: said.status, reason: said.reason as Scaling['reason'], message: said.message };
}

/** What demand follows, as it was said last; undefined where it follows no load. */
export function loadSaid({ snapshot }: Pick<StationFacts, 'snapshot'>): LoadStatus | undefined {
  const { scaling, station } = snapshot;
  return station.spec.scale && (scaling === undefined ? station.status?.load : scaling.load);
}

/** Who sets demand; undefined: the Kitchen or a person. */
export function scaledByInWords({ snapshot }: Pick<StationFacts, 'snapshot'>): string | undefined {
  const [first, ...others] = snapshot.autoscalers;
  if (first !== undefined) {
    return `HorizontalPodAutoscaler ${first.name}${others.length === 0 ? '' : ` and ${others.length} more`}`;
  }
  return snapshot.station.spec.scale && 'scale';
}

import type { Decision } from '../api/status.ts';
import type { Clock } from '../engine/clock.ts';
import type { EventRecorder } from '../kube/events.ts';
import type { News } from './decision.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { StatusWriting } from './statusWrite.ts';
import type { Untold } from './untold.ts';

/** Everything that words and figures go to. */
export interface Reporting extends StatusWriting {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly events: Pick<EventRecorder, 'record'>;
  /** Decisions that wait for the status of their object to be written. */
  readonly untold: Untold<News>;
  /** Every worker is busy and stations wait for one: words may wait. */
  readonly isBehind: () => boolean;
}

/** How telling went: the status was written, could not be, or may wait. Nothing else of a report can fail. */
export type Reported =
  | { readonly told: true }
  | { readonly told: false; readonly error: unknown }
  | { readonly told: 'later'; readonly lookAgainMs: number };

/** RFC 3339 with whole seconds, as Kubernetes writes times. */
export function timeText(now: Date): Decision['time'] {
  return `${now.toISOString().slice(0, 19)}Z`;
}

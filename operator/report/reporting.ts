import type { Decision } from '../api/status.ts';
import type { Clock } from '../engine/clock.ts';
import type { EventRecorder } from '../kube/events.ts';
import type { News } from './decision.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { StatusWriting } from './statusWrite.ts';
import type { Untold } from './untold.ts';

/** Everything that a report is written to: status, log, metrics and events. */
export interface Reporting extends StatusWriting {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly events: Pick<EventRecorder, 'record'>;
  /** Decisions that wait for the status of their object to be written. */
  readonly untold: Untold<News>;
  /** Whether stations wait for a worker, because all are busy. Status writes then wait. */
  readonly isBehind: () => boolean;
}

/** How reporting went: the status was written, the write failed, or it waits. No other part of a report can fail. */
export type Reported =
  | { readonly told: true }
  | { readonly told: false; readonly error: unknown }
  | { readonly told: 'later'; readonly lookAgainMs: number };

/** RFC 3339 with whole seconds, as Kubernetes writes times. */
export function timeText(now: Date): Decision['time'] {
  return `${now.toISOString().slice(0, 19)}Z`;
}

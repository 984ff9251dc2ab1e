import type { Decision } from '../api/status.ts';
import type { Clock } from '../engine/clock.ts';
import type { EventNote, EventRecorder } from '../kube/events.ts';
import type { Decided } from './decision.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { StatusWriting } from './statusWrite.ts';

/** Everything that words and figures go to. */
export interface Reporting extends StatusWriting {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly events: Pick<EventRecorder, 'record'>;
  /** Decisions, by the Station's uid, that no status tells of yet because it could not be written. */
  readonly untold: Map<string, readonly Decided[]>;
  /** Events, by the Kitchen's uid, that wait for its status to be written. */
  readonly untoldOfKitchens: Map<string, readonly EventNote[]>;
}

/** Decisions or events of one object that wait for its status; the oldest are dropped first. */
export const untoldLimit = 10;

/** How telling went: whether the status could be written. Nothing else of a report can fail. */
export type Reported = { readonly told: true } | { readonly told: false; readonly error: unknown };

/** RFC 3339 with whole seconds, as Kubernetes writes times. */
export function timeText(now: Date): Decision['time'] {
  return `${now.toISOString().slice(0, 19)}Z`;
}

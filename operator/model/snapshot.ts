import type { ZoneView } from './zone.ts';
import type { BudgetView, Child, ServiceView } from './child.ts';
import type { PodView, StrangerView } from './pod.ts';
import type { Station } from '../api/station.ts';
import type { Contest } from './contest.ts';

/**
 * One look at one station: everything the planner may know, frozen. Times are ages in milliseconds on the monotonic
 * clock since the operator first saw the fact, so a restart waits longer and never acts sooner.
 */
export interface Snapshot {
  readonly station: Station;
  /** Declared zones in the station's fixed order, then zones where only a Deployment is left. */
  readonly zones: readonly ZoneView[];
  readonly service: Child<ServiceView>;
  readonly budget: Child<BudgetView>;
  /** When the pods were last told to restart (RFC 3339), from the Station or, if it was made again, from its Deployments. */
  readonly restartedAt: string | undefined;
  /** What the API server held against the newest template, and when it is tried again; absent when nothing. */
  readonly templateRefused?: { readonly message: string; readonly retryMs: number };
  /** The same for going back to the template before. */
  readonly rollBackRefused?: { readonly message: string; readonly retryMs: number };
  /** Nor can the Service be written: where it is absent, no pod is waited for to be behind it. */
  readonly serviceRefused?: { readonly message: string; readonly retryMs: number };
  /** Names of budgets of other people that select our pods. */
  readonly foreignBudgets: readonly string[];
  /** Pods that the station's selectors catch and that are not its own. */
  readonly strangers: readonly StrangerView[];
  /** Autoscalers that target this Station. */
  readonly autoscalers: readonly AutoscalerView[];
  /** Fields of children that others change, as they were when we last wrote; those of a quarter of an hour. */
  readonly contests?: readonly Contest[];
  /** Autoscalers that scale a Deployment of this station, which is ours to scale. */
  readonly scaledChildren?: readonly { readonly autoscaler: string; readonly deployment: string }[];
  /** After this long the same facts mean something else by age alone: look again then. */
  readonly lookAgainMs?: number;
  /** How long the same zones have been full; `Infinity` while none has been since the operator started. */
  readonly fullMs: number;
  /** The API server makes nothing in the station's namespace any more; absent when it does. */
  readonly namespaceTerminating?: boolean;
}

/** The pods of the station, in all zones. */
export function podsOf({ zones }: Pick<Snapshot, 'zones'>): readonly PodView[] {
  return zones.flatMap(({ pods }) => pods);
}

/** A HorizontalPodAutoscaler and what it goes by. */
export interface AutoscalerView {
  readonly name: string;
  readonly metrics: readonly ScalingMetric[];
}

/** What an autoscaler goes by. */
export interface ScalingMetric {
  /** `cpu`, or the metric's own name. */
  readonly name: string;
  readonly source: string;
  /** `Utilization`, `AverageValue` or `Value`. */
  readonly target: string;
}

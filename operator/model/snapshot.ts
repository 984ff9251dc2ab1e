import type { ZoneView } from './zone.ts';
import type { BudgetView, Child, ServiceView } from './child.ts';
import type { HubView } from './hub.ts';
import type { ShiftView } from './shift.ts';
import type { PodView, StrangerView } from './pod.ts';
import type { ScalingView } from './scale.ts';
import type { Station } from '../api/station.ts';
import type { Contest } from './contest.ts';

/**
 * One look at one station: everything that the planner may know, frozen. Times are ages in ms, on the monotonic clock,
 * since this process first saw the fact. So after a restart it waits longer, and never acts sooner.
 */
export interface Snapshot {
  readonly station: Station;
  /** Declared zones in the station's fixed order, then zones where only a Deployment is left. */
  readonly zones: readonly ZoneView[];
  readonly service: Child<ServiceView>;
  readonly budget: Child<BudgetView>;
  /**
   * When a restart was last asked for (RFC 3339). It is read from the Station or, if that was made again, from its
   * Deployments.
   */
  readonly restartedAt: string | undefined;
  /** Why the API server refused the newest template, and when it is tried again; absent without a refusal. */
  readonly templateRefused?: { readonly message: string; readonly lookAgainMs: number };
  /**
   * Why the API server refused a rollback to the template before, and when it is tried again; absent without a refusal.
   */
  readonly rollBackRefused?: { readonly message: string; readonly lookAgainMs: number };
  /**
   * Why the API server refused the Service, and when it is tried again. While there is no Service, a pod counts without
   * being listed by one.
   */
  readonly serviceRefused?: { readonly message: string; readonly lookAgainMs: number };
  /** Names of PodDisruptionBudgets of others that select our pods. */
  readonly foreignBudgets: readonly string[];
  /** Strangers: pods that the station's selectors catch, but that are not the station's. */
  readonly strangers: readonly StrangerView[];
  /** Autoscalers that target this Station. */
  readonly autoscalers: readonly AutoscalerView[];
  /** How demand follows load; absent where it does not, or nothing is known of it yet. */
  readonly scaling?: ScalingView;
  /** Fields of children that others changed within the last 15 minutes, each with the values at our last write. */
  readonly contests?: readonly Contest[];
  /** Autoscalers that scale a Deployment of this station, although only the operator should. */
  readonly scaledChildren?: readonly { readonly autoscaler: string; readonly deployment: string }[];
  /** Look again after this many ms: then some fact means something else by its age alone. */
  readonly lookAgainMs?: number;
  /** The entries of `spec.shifts` as they are now; absent without any. */
  readonly shifts?: readonly ShiftView[];
  /** The station's way through the hubs; absent where it asks for none and nothing is left of one. */
  readonly hub?: HubView;
  /** How long the same zones have been full; `Infinity` when none has been full since the operator started. */
  readonly fullMs: number;
  /** The namespace is being deleted, so the API server makes nothing in it any more; absent otherwise. */
  readonly namespaceTerminating?: boolean;
}

/** The pods of the station, in all zones. */
export function podsOf({ zones }: Pick<Snapshot, 'zones'>): readonly PodView[] {
  return zones.flatMap(({ pods }) => pods);
}

/** A HorizontalPodAutoscaler and the metrics that it scales by. */
export interface AutoscalerView {
  readonly name: string;
  readonly metrics: readonly ScalingMetric[];
}

/** A metric that an autoscaler scales by. */
export interface ScalingMetric {
  /** `cpu`, or the metric's own name. */
  readonly name: string;
  readonly source: string;
  /** `Utilization`, `AverageValue` or `Value`. */
  readonly target: string;
}

import type { Resource } from '../api/kubernetes/resource.ts';
import type { Kitchen } from '../api/kitchen.ts';
import type { StationStatus } from '../api/station.ts';
import type { Child, ChildView } from './child.ts';

/** One look at one Kitchen: what it declares, and the children that are there. */
export interface KitchenSnapshot {
  readonly kitchen: Kitchen;
  /** In the order of `spec.stations`. */
  readonly stations: readonly DeclaredStation[];
  /** Stations that are no longer declared and still have objects. */
  readonly undeclared: readonly UndeclaredStation[];
}

export interface DeclaredStation {
  /** As the Kitchen names it. */
  readonly name: string;
  readonly object: Child<StationView>;
  /** Demand kept on its Deployments (`kitchen.dev/demand`), for a Station that is made again. */
  readonly rememberedDemand: number | undefined;
  /** Names of autoscalers that target the Station. */
  readonly autoscalers: readonly string[];
}

/** Who owns `spec.replicas` of a Station: nobody, our main field manager alone, or (also) somebody else. */
export type DemandOwner = 'nobody' | 'operator' | 'others';

export interface StationView extends ChildView {
  readonly replicas: number | undefined;
  readonly demandOwner: DemandOwner;
  readonly generation: number;
  /** RFC 3339, by the API server's clock. */
  readonly createdAt: string;
  readonly status: StationStatus | undefined;
}

/** All that is left of a station that is no longer declared, in the order in which it is to be deleted. */
export interface UndeclaredStation {
  readonly name: string;
  readonly objects: readonly DoomedObject[];
}

/** An object to delete, as it was when that was decided: the delete is refused when it has changed since. */
export interface DoomedObject {
  readonly resource: Resource;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
}

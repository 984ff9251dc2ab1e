import type { Resource } from '../api/kubernetes/resource.ts';
import type { Kitchen } from '../api/kitchen.ts';
import type { StationStatus } from '../api/station.ts';
import type { Child, ChildView } from './child.ts';

/** One look at one Kitchen: the stations that it declares, and the children that exist. */
export interface KitchenSnapshot {
  readonly kitchen: Kitchen;
  /** In the order of `spec.stations`. */
  readonly stations: readonly ObservedStation[];
  /** Stations that the Kitchen no longer declares, but that still have objects. */
  readonly undeclared: readonly UndeclaredStation[];
}

export interface ObservedStation {
  /** The name that the Kitchen gives it. */
  readonly name: string;
  readonly object: Child<StationView>;
  /** The demand noted on its budget (`kitchen.dev/demand`): a Station that is made again starts with it. */
  readonly rememberedDemand: number | undefined;
  /** Names of the autoscalers that target the Station. */
  readonly autoscalers: readonly string[];
}

/** Who owns `spec.replicas` of a Station: no field manager, only our main one, or also others. */
export type DemandOwner = 'nobody' | 'operator' | 'others';

export interface StationView extends ChildView {
  readonly replicas: number | undefined;
  readonly demandOwner: DemandOwner;
  readonly generation: number;
  /** RFC 3339, by the API server's clock. */
  readonly createdAt: string;
  readonly status: StationStatus | undefined;
}

/** All objects of a station that the Kitchen no longer declares, in the order in which they are deleted. */
export interface UndeclaredStation {
  readonly name: string;
  readonly objects: readonly DoomedObject[];
}

/**
 * An object to delete, in the version that we decided on. The API server refuses the delete if it has changed since.
 */
export interface DoomedObject {
  readonly resource: Resource;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
}

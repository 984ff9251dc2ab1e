import { kitchenRules } from '../apply/kitchen/steps.ts';
import { lookAtKitchen, planKitchenAgain } from '../apply/kitchen/look.ts';
import { stationRules } from '../apply/station/steps.ts';
import { lookAtStation, planStationAgain } from '../apply/station/look.ts';
import type { Outcome } from '../engine/outcome.ts';
import type { KitchenPlan, KitchenStep } from '../model/kitchenPlan.ts';
import type { KitchenSnapshot } from '../model/kitchenSnapshot.ts';
import type { Plan, Step } from '../model/plan.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Concern } from '../observe/concerns.ts';
import { planKitchen } from '../plan/kitchen.ts';
import { planStation } from '../plan/planStation.ts';
import { reconcile } from '../reconcile.ts';
import type { Controller, Parts } from '../reconcile.ts';
import { reportKitchen } from '../report/kitchen/report.ts';
import { reportStation } from '../report/station/report.ts';

export const station: Controller<Snapshot, Plan, Step> = {
  snapshot: lookAtStation,
  subject: ({ station: { metadata, spec } }) => ({ metadata, paused: spec.paused }),
  plan: planStation,
  planAgain: planStationAgain,
  apply: stationRules,
  waitsMs: ({ lookAgainMs }, { waits }) => [lookAgainMs, ...waits.map((wait) => wait.lookAgainMs)],
  report: reportStation,
};

/** A paused Kitchen still applies its Stations, or they would not learn of the pause: its plan takes nothing away. */
export const kitchen: Controller<KitchenSnapshot, KitchenPlan, KitchenStep> = {
  snapshot: lookAtKitchen,
  subject: ({ kitchen: { metadata } }) => ({ metadata, paused: false }),
  plan: planKitchen,
  planAgain: planKitchenAgain,
  apply: kitchenRules,
  waitsMs: () => [],
  report: reportKitchen,
};

/** A controller as it is run. */
export interface ControllerRow {
  /** In metrics and logs. */
  readonly name: string;
  /** Which keys of a concern are its own; the store of the same name has its objects. */
  readonly concern: keyof Concern;
  readonly reconcile: (key: string, parts: Parts) => Promise<Outcome>;
}

/** All controllers, one row each. */
export const controllers: readonly ControllerRow[] = rowsOf(station, kitchen);

/** Rows of these two: the operator's own, or ones that somebody looks at while they work. */
export function rowsOf(ofStations: typeof station, ofKitchens: typeof kitchen): readonly ControllerRow[] {
  return [
    { name: 'station', concern: 'stations', reconcile: (key, parts) => reconcile(ofStations, key, parts) },
    { name: 'kitchen', concern: 'kitchens', reconcile: (key, parts) => reconcile(ofKitchens, key, parts) },
  ];
}

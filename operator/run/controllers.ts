import type { AnyStep } from '../apply/step.ts';
import type { AnyPlan } from '../apply/applyPlan.ts';
import type { Key } from '../api/kubernetes/key.ts';
import { kitchenRules } from '../apply/kitchen/steps.ts';
import { lookAtKitchen, planKitchenAgain } from '../apply/kitchen/look.ts';
import { stationRules } from '../apply/station/steps.ts';
import { lookAtStation, planStationAgain } from '../apply/station/look.ts';
import type { Outcome } from '../engine/outcome.ts';
import type { KitchenPlan, KitchenStep } from '../model/kitchenPlan.ts';
import type { KitchenSnapshot } from '../model/kitchenSnapshot.ts';
import type { Plan, Step } from '../model/plan.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Concerned } from '../observe/concerns.ts';
import { planKitchen } from '../plan/kitchen/planKitchen.ts';
import { planStation } from '../plan/station/planStation.ts';
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

/**
 * A Kitchen is never paused here: a paused one still has to write its Stations, so that they learn of the pause. Its
 * plan then deletes nothing.
 */
const kitchen: Controller<KitchenSnapshot, KitchenPlan, KitchenStep> = {
  snapshot: lookAtKitchen,
  subject: ({ kitchen: { metadata } }) => ({ metadata, paused: false }),
  plan: planKitchen,
  planAgain: planKitchenAgain,
  apply: kitchenRules,
  waitsMs: () => [],
  report: reportKitchen,
};

/** How a controller is served. */
interface ControllerName {
  /** The name in metrics and logs. */
  readonly name: string;
  /** Which keys of a `Concern` it takes. The store of the same name has its objects. */
  readonly concern: keyof Concerned;
  /** How long changes that can wait do so after a look, and at least: see `Queue`. */
  readonly gapMs: number;
  readonly gatherMs: number;
}

/** A controller, ready to run. */
export interface ControllerRow extends ControllerName {
  readonly reconcile: (key: Key, parts: Parts) => Promise<Outcome>;
}

/**
 * All controllers, one row each. A Station is looked at at once if it has had its rest, since its next step may depend
 * on the change. A Kitchen waits until its other Stations have told as well.
 */
export const controllers: readonly ControllerRow[] = [
  controllerRow({ name: 'station', concern: 'stations', gapMs: 500, gatherMs: 0 }, station),
  controllerRow({ name: 'kitchen', concern: 'kitchens', gapMs: 500, gatherMs: 500 }, kitchen),
];

/** A controller that is served like this. */
export function controllerRow<Seen, Planned extends AnyPlan<Done>, Done extends AnyStep>(
  { name, concern, gapMs, gatherMs }: ControllerName,
  controller: Controller<Seen, Planned, Done>,
): ControllerRow {
  return { name, concern, gapMs, gatherMs, reconcile: (key, parts) => reconcile(controller, key, parts) };
}

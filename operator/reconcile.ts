import type { Key } from './api/kubernetes/key.ts';
import { applyPlan } from './apply/applyPlan.ts';
import type { AnyPlan, Applying, StepRules } from './apply/applyPlan.ts';
import type { LastLooks } from './apply/freshly.ts';
import type { Refusals } from './apply/refusals.ts';
import type { StepResult } from './apply/result.ts';
import type { AnyStep } from './apply/step.ts';
import type { NamedMeta } from './api/object.ts';
import type { FirstSeen } from './engine/memory.ts';
import { done } from './engine/outcome.ts';
import type { Outcome } from './engine/outcome.ts';
import type { HubSight } from './observe/hubSight.ts';
import type { Fleet } from './observe/nodes/fleet.ts';
import type { LeavingSigns } from './observe/nodes/leavingSigns.ts';
import type { ScalingSight } from './observe/scalingSight.ts';
import type { Stores } from './observe/stores.ts';
import type { SuspectWatch } from './observe/suspects/watchSuspects.ts';
import { nextLook } from './report/nextLook.ts';
import type { Reported, Reporting } from './report/reporting.ts';

/** What every pass works with. Its client writes only while this process leads. */
export interface Parts extends Reporting {
  readonly stores: Stores;
  readonly memory: FirstSeen;
  readonly refusals: Refusals;
  readonly lastLooks: LastLooks;
  readonly suspicion: Pick<SuspectWatch, 'suspects' | 'silentMs'>;
  /** Absent: there are no hubs. */
  readonly hubs?: HubSight | undefined;
  /** Absent: nobody sets demand by load. */
  readonly scaling?: ScalingSight | undefined;
  /** All nodes, judged once for all passes. */
  readonly fleet: Fleet;
  readonly forgetZoneAfterMs: number;
  readonly leavingSigns: LeavingSigns;
}

/** How one kind of object (Station, Kitchen) is looked after: a function for each verb of a pass. */
export interface Controller<Snapshot, Plan extends AnyPlan<Step>, Step extends AnyStep> {
  /** Observe: what is there now. Undefined when the object is gone or is being deleted. */
  readonly snapshot: (key: Key, parts: Parts) => Snapshot | undefined;
  /** The object whose children the steps write. While it is paused, no step is done. */
  readonly subject: (snapshot: Snapshot) => { readonly metadata: NamedMeta; readonly paused: boolean };
  /** Plan: what to do now, from the snapshot alone. */
  readonly plan: (snapshot: Snapshot) => Plan;
  /**
   * Plan again, from what the API server says now. Undefined when the object is gone or is being deleted by then.
   * Rejects when the API server does not answer.
   */
  readonly planAgain: (key: Key, parts: Parts) => Promise<Plan | undefined>;
  /** Apply: how each step is done. */
  readonly apply: StepRules<Step, Plan>;
  /**
   * In how many ms a fact means something else by its age alone, or a wait is over. Undefined: an event will start a
   * pass.
   */
  readonly waitsMs: (snapshot: Snapshot, plan: Plan) => readonly (number | undefined)[];
  /** Report: status, log, events, metrics. */
  readonly report: (facts: Facts<Snapshot, Plan, Step>, reporting: Reporting) => Promise<Reported>;
}

/** Everything that a report is made from. */
interface Facts<Snapshot, Plan, Step> {
  readonly snapshot: Snapshot;
  readonly plan: Plan;
  readonly results: readonly StepResult<Step>[];
}

/**
 * One pass over one object (`namespace/name`). Returns when to look again. It does not matter why a pass begins: it
 * decides from what is there now.
 *
 * The example in the comments: station `grill` has 2 pods in each of 3 zones, and a node of zone-b dies with one pod.
 */
export async function reconcile<Snapshot, Plan extends AnyPlan<Step>, Step extends AnyStep>(
  { snapshot: look, subject, plan: decide, planAgain, apply, report, waitsMs }: Controller<Snapshot, Plan, Step>,
  key: Key,
  parts: Parts,
): Promise<Outcome> {
  // 1. Observe: take a frozen snapshot of all that matters to this object. The stores, which the watches keep up to
  //    date, have it already. Example: of the 2 pods in zone-b, one is on a lost node. If the Station itself is gone or
  //    is being deleted, there is nothing to do.
  const snapshot = look(key, parts);
  if (snapshot === undefined) return done;

  // 2. Plan: decide from the snapshot alone, as steps that each give a reason. Example: "grow zone-b from 2 to 3",
  //    because the lost pod will not come back.
  const plan = decide(snapshot);

  // 3. Apply: do the steps in their order, but none while the object is paused. A step that cannot be undone is planned
  //    again just before, from a fresh read of the API server. Example: the replacement is Ready, and zone-b may shrink
  //    from 3 to 2. If another pod has died meanwhile, the new plan has no such shrink, and nothing is sent.
  const { metadata, paused } = subject(snapshot);
  const results = paused
    ? []
    : await applyPlan(
        plan,
        apply,
        applyingTo(metadata, parts, () => planAgain(key, parts)),
      );

  // 4. Report: write status, log, events and metrics, also when a step failed. Example: the API server refused the
  //    Deployment, so the condition `Ready` is False and quotes the reason.
  const reported = await report({ snapshot, plan, results }, parts);

  // 5. Say when to look again. What failed is retried, later each time. A wait ends at a known age. Example: a pod
  //    finds no node; when it has waited for 15 s, its zone counts as full. Any other change, such as a pod that becomes
  //    Ready, comes through a watch and starts the next pass by itself.
  return nextLook({ results, reported, waitsMs: waitsMs(snapshot, plan) });
}

function applyingTo<Plan>(
  { uid = '', generation = 0, namespace = '', name }: NamedMeta,
  { client, learn, refusals, lastLooks, clock }: Parts,
  lookAgain: () => Promise<Plan | undefined>,
): Applying<Plan> {
  const owner = { uid, generation };
  return { client, learn, refusals, lastLooks, clock, owner, place: { namespace, name }, lookAgain };
}

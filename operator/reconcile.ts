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
import type { LeavingSigns } from './observe/nodes/leavingSigns.ts';
import type { Stores } from './observe/stores.ts';
import type { SuspectWatch } from './observe/suspects/watchSuspects.ts';
import { nextLook } from './report/nextLook.ts';
import type { Reported, Reporting } from './report/reporting.ts';

/** What every pass works with; its client writes only while this process leads. */
export interface Parts extends Reporting {
  readonly stores: Stores;
  readonly memory: FirstSeen;
  readonly refusals: Refusals;
  readonly lastLooks: LastLooks;
  readonly suspicion: Pick<SuspectWatch, 'suspects'>;
  readonly forgetZoneAfterMs: number;
  readonly leavingSigns: LeavingSigns;
}

/** What looks after one kind of object, by the verbs of a pass. */
export interface Controller<Snapshot, Plan extends AnyPlan<Step>, Step extends AnyStep> {
  /** Observe: what is there; undefined when there is nothing to look after. */
  readonly snapshot: (key: Key, parts: Parts) => Snapshot | undefined;
  /** The object whose children are written. While it is paused nothing is. */
  readonly subject: (snapshot: Snapshot) => { readonly metadata: NamedMeta; readonly paused: boolean };
  /** Plan: what to do now, from the snapshot alone. */
  readonly plan: (snapshot: Snapshot) => Plan;
  /** Plan anew from what the API server says now; undefined when there is nothing to look after any more. Rejects when it does not answer. */
  readonly planAgain: (key: Key, parts: Parts) => Promise<Plan | undefined>;
  /** Apply: how each step is done. */
  readonly apply: StepRules<Step, Plan>;
  /** Ages, in ms, at which the facts mean something else or a wait is over; undefined: an event will tell. */
  readonly waitsMs: (snapshot: Snapshot, plan: Plan) => readonly (number | undefined)[];
  /** Report: status, log, events, metrics. */
  readonly report: (facts: Facts<Snapshot, Plan, Step>, reporting: Reporting) => Promise<Reported>;
}

/** Everything that the words about a pass are made of. */
interface Facts<Snapshot, Plan, Step> {
  readonly snapshot: Snapshot;
  readonly plan: Plan;
  readonly results: readonly StepResult<Step>[];
}

/** One pass over one object (`namespace/name`). Returns when to look again. */
export async function reconcile<Snapshot, Plan extends AnyPlan<Step>, Step extends AnyStep>(
  { snapshot: look, subject, plan: decide, planAgain, apply, report, waitsMs }: Controller<Snapshot, Plan, Step>,
  key: Key,
  parts: Parts,
): Promise<Outcome> {
  // 1. Observe. An object that is gone or being deleted needs nothing any more.
  const snapshot = look(key, parts);
  if (snapshot === undefined) return done;

  // 2. Plan. A node died: grow the zone by the pods it took.
  const plan = decide(snapshot);

  // 3. Apply, step by step. Before a shrink the API server is asked once more: a pod may have died since.
  const { metadata, paused } = subject(snapshot);
  const results = paused
    ? []
    : await applyPlan(
        plan,
        apply,
        applyingTo(metadata, parts, () => planAgain(key, parts)),
      );

  // 4. Report, also when a step failed: the status says why.
  const reported = await report({ snapshot, plan, results }, parts);

  // 5. Look again when the first wait is over; what failed is retried with back-off; any other change wakes us by itself.
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

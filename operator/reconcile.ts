import { applyKitchenPlan } from './apply/applyKitchenPlan.ts';
import { applyPlan } from './apply/applyPlan.ts';
import type { Attempting } from './apply/attempt.ts';
import { readFresh } from './apply/freshLook.ts';
import type { Owner, Refusals } from './apply/refusals.ts';
import type { ObjectMeta } from './api/object.ts';
import type { FirstSeen } from './engine/memory.ts';
import { done } from './engine/outcome.ts';
import type { Outcome } from './engine/outcome.ts';
import { nextLook } from './nextLook.ts';
import { takeKitchenSnapshot } from './observe/kitchen.ts';
import { partsOf, withFresh } from './observe/parts.ts';
import type { Stores } from './observe/stores.ts';
import { takeSnapshot, takeSnapshotFrom } from './observe/takeSnapshot.ts';
import { planKitchen } from './plan/kitchen.ts';
import type { Plan } from './plan/plan.ts';
import { planStation } from './plan/planStation.ts';
import { reportKitchen } from './report/reportKitchen.ts';
import { reportStation } from './report/reportStation.ts';
import type { Reporting } from './report/reporting.ts';

/** What every pass works with; its client writes only while this process leads. */
export interface Parts extends Reporting {
  readonly stores: Stores;
  readonly memory: FirstSeen;
  readonly refusals: Refusals;
}

/** One look at one station: what is there, what should be, do it, say so. Returns when to look again. */
export async function reconcileStation(key: string, parts: Parts): Promise<Outcome> {
  const observed = takeSnapshot(key, parts.stores, momentOf(parts));
  if (observed === undefined) return done;
  const { metadata, spec } = observed.station;
  const templateRefused = parts.refusals.findKind(ownerOf(metadata), 'rollOut', parts.clock.monotonicMs());
  const snapshot = templateRefused === undefined ? observed : { ...observed, templateRefused };
  const plan = planStation(snapshot);
  const place = { namespace: metadata.namespace ?? '', station: metadata.name };
  const lookAgain = (): Promise<Plan | undefined> => planAgain(key, parts);
  const results = spec.paused ? [] : await applyPlan(plan, { ...attempting(metadata, parts), place, lookAgain });
  const reported = await reportStation({ snapshot, plan, results }, parts);
  return nextLook({
    results,
    reported,
    waitsMs: [snapshot.lookAgainMs, ...plan.waits.map((wait) => wait.lookAgainMs)],
  });
}

/** The same for a Kitchen: its Stations are applied, and what they say is summed up. */
export async function reconcileKitchen(key: string, parts: Parts): Promise<Outcome> {
  const snapshot = takeKitchenSnapshot(key, parts.stores);
  if (snapshot === undefined) return done;
  const plan = planKitchen(snapshot);
  const results = await applyKitchenPlan(plan, attempting(snapshot.kitchen.metadata, parts));
  const reported = await reportKitchen({ snapshot, plan, results }, parts);
  return nextLook({ results, reported, waitsMs: [] });
}

/** Before what cannot be undone: the same look, at what the API server says now. */
async function planAgain(key: string, parts: Parts): Promise<Plan | undefined> {
  const before = partsOf(key, parts.stores);
  if (before === undefined) return undefined;
  const fresh = await readFresh(parts.client, before.station);
  const known = partsOf(key, parts.stores);
  return known && planStation(takeSnapshotFrom(withFresh(known, fresh), momentOf(parts)));
}

function momentOf({ memory, clock }: Parts): { readonly memory: FirstSeen; readonly nowMs: number } {
  return { memory, nowMs: clock.monotonicMs() };
}

function attempting(metadata: ObjectMeta, { client, learn, refusals, clock }: Parts): Attempting {
  return { client, learn, refusals, clock, owner: ownerOf(metadata) };
}

function ownerOf({ uid = '', generation = 0 }: ObjectMeta): Owner {
  return { uid, generation };
}

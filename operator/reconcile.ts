import { applyKitchenPlan } from './apply/applyKitchenPlan.ts';
import { applyPlan } from './apply/applyPlan.ts';
import type { Attempting } from './apply/attempt.ts';
import { readFresh } from './apply/freshLook.ts';
import type { LastLooks } from './apply/freshly.ts';
import type { Owner, Refusal, Refusals } from './apply/refusals.ts';
import type { NamedMeta } from './api/object.ts';
import type { FirstSeen } from './engine/memory.ts';
import { done } from './engine/outcome.ts';
import type { Outcome } from './engine/outcome.ts';
import { nextLook } from './report/nextLook.ts';
import { takeKitchenSnapshot } from './observe/kitchen.ts';
import type { LeavingSigns } from './observe/leavingSigns.ts';
import type { Moment } from './observe/moment.ts';
import { partsOf, withFresh } from './observe/parts.ts';
import { kitchens, stations } from './observe/resources.ts';
import type { Snapshot } from './model/snapshot.ts';
import type { Stores } from './observe/stores.ts';
import type { SuspectWatch } from './observe/watchSuspects.ts';
import { takeSnapshot, takeSnapshotFrom } from './observe/takeSnapshot.ts';
import { planKitchen } from './plan/kitchen.ts';
import type { KitchenPlan } from './model/kitchenPlan.ts';
import type { Plan } from './model/plan.ts';
import { planStation } from './plan/planStation.ts';
import { reportKitchen } from './report/reportKitchen.ts';
import { reportStation } from './report/reportStation.ts';
import type { Reporting } from './report/reporting.ts';

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

/** What a last look needs of them. */
type Looking = Pick<
  Parts,
  'client' | 'learn' | 'stores' | 'memory' | 'refusals' | 'clock' | 'suspicion' | 'forgetZoneAfterMs' | 'leavingSigns'
>;

/** One look at one station: what is there, what should be, do it, say so. Returns when to look again. */
export async function reconcileStation(key: string, parts: Parts): Promise<Outcome> {
  const observed = takeSnapshot(key, parts.stores, momentOf(parts));
  if (observed === undefined) return done;
  const { metadata, spec } = observed.station;
  const snapshot = withRefusal(observed, parts);
  const plan = planStation(snapshot);
  const place = { namespace: metadata.namespace ?? '', station: metadata.name };
  const lookAgain = (): Promise<Plan | undefined> => planStationAgain(key, parts);
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
  const lookAgain = (): Promise<KitchenPlan | undefined> => planKitchenAgain(key, parts);
  const results = await applyKitchenPlan(plan, { ...attempting(snapshot.kitchen.metadata, parts), lookAgain });
  const reported = await reportKitchen({ snapshot, plan, results }, parts);
  return nextLook({ results, reported, waitsMs: [] });
}

/**
 * Before a shrink: the same look, at what the API server says now. Undefined when there is nothing to look after any more,
 * or it is paused; rejects when the API server does not answer.
 */
export async function planStationAgain(key: string, parts: Looking): Promise<Plan | undefined> {
  const before = partsOf(key, parts.stores);
  if (before === undefined) return undefined;
  const { station, ...fresh } = await readFresh(parts.client, before.station);
  parts.learn(stations, station);
  const known = partsOf(key, parts.stores);
  if (known?.station.uid !== before.station.uid || known.station.object.spec.paused) return undefined;
  return planStation(
    withRefusal(takeSnapshotFrom(withFresh(known, fresh, parts.leavingSigns), momentOf(parts)), parts),
  );
}

/** Before a station is taken away: whether the Kitchen, as the API server has it now, still does not declare it. */
export async function planKitchenAgain(
  key: string,
  parts: Pick<Looking, 'client' | 'learn' | 'stores'>,
): Promise<KitchenPlan | undefined> {
  const known = parts.stores.kitchens.get(key);
  if (known === undefined) return undefined;
  const { namespace, name } = known;
  const options = { timeoutMs: 5_000, doing: `looking again at ${name}` };
  parts.learn(kitchens, await parts.client.get({ resource: kitchens, namespace, name }, options));
  const snapshot = takeKitchenSnapshot(key, parts.stores);
  return snapshot && planKitchen(snapshot);
}

/** A look with what is remembered: a rollout, the way back or a Service that was refused is not tried, and must not be waited for. */
function withRefusal(snapshot: Snapshot, { refusals, clock }: Looking): Snapshot {
  const refusalOf = (kind: string): Refusal | undefined =>
    refusals.findKind(ownerOf(snapshot.station.metadata), kind, clock.monotonicMs());
  const templateRefused = refusalOf('rollOut');
  const rollBackRefused = refusalOf('rollBack');
  const serviceRefused = refusalOf('applyService');
  return {
    ...snapshot,
    ...contestsOf(snapshot, refusals.contests.of(snapshot.station.metadata.uid ?? '', clock.monotonicMs())),
    ...(templateRefused === undefined ? {} : { templateRefused }),
    ...(rollBackRefused === undefined ? {} : { rollBackRefused }),
    ...(serviceRefused === undefined ? {} : { serviceRefused }),
  };
}

function contestsOf(
  { lookAgainMs = Infinity }: Snapshot,
  { contests, turnsInMs }: ReturnType<Refusals['contests']['of']>,
): Pick<Snapshot, 'contests' | 'lookAgainMs'> {
  if (turnsInMs === undefined) return {};
  return { contests, lookAgainMs: Math.min(lookAgainMs, turnsInMs) };
}

function momentOf({ memory, clock, suspicion, forgetZoneAfterMs }: Looking): Moment {
  return { memory, nowMs: clock.monotonicMs(), suspects: suspicion.suspects, forgetZoneAfterMs };
}

function attempting(metadata: NamedMeta, { client, learn, refusals, lastLooks, clock }: Parts): Attempting {
  return { client, learn, refusals, lastLooks, clock, owner: ownerOf(metadata) };
}

function ownerOf({ uid = '', generation = 0 }: NamedMeta): Owner {
  return { uid, generation };
}

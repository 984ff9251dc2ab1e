import type { Key } from '../../api/kubernetes/key.ts';
import { stations } from '../../api/resources.ts';
import type { FirstSeen } from '../../engine/memory.ts';
import type { Fleet } from '../../observe/nodes/fleet.ts';
import type { LeavingSigns } from '../../observe/nodes/leavingSigns.ts';
import { readyPodsIn } from '../../observe/nodes/readyPods.ts';
import type { Moment } from '../../observe/moment.ts';
import { partsOf, withFresh } from '../../observe/station/parts.ts';
import type { Stores } from '../../observe/stores.ts';
import { takeSnapshot, takeSnapshotFrom } from '../../observe/station/takeSnapshot.ts';
import type { SuspectWatch } from '../../observe/suspects/watchSuspects.ts';
import type { Plan } from '../../model/plan.ts';
import type { HubSight } from '../../observe/hubSight.ts';
import type { ScalingSight } from '../../observe/scalingSight.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { planStation } from '../../plan/station/planStation.ts';
import type { Writing } from '../write.ts';
import { readFresh } from './freshLook.ts';
import { withRemembered } from './remembered.ts';
import type { Remembering } from './remembered.ts';

/** What a look at a station needs. */
export interface Looking extends Writing, Remembering {
  readonly stores: Stores;
  readonly memory: FirstSeen;
  readonly suspicion: Pick<SuspectWatch, 'suspects' | 'silentMs'>;
  /** Absent: there are no hubs. */
  readonly hubs?: HubSight | undefined;
  /** Absent: nobody sets demand by load. */
  readonly scaling?: ScalingSight | undefined;
  readonly fleet: Fleet;
  readonly forgetZoneAfterMs: number;
  readonly leavingSigns: LeavingSigns;
}

/**
 * The snapshot of a station from the stores, with what is remembered of its writes. Undefined when there is nothing to
 * look after.
 */
export function lookAtStation(key: Key, looking: Looking): Snapshot | undefined {
  const snapshot = takeSnapshot(key, looking.stores, momentOf(looking));
  if (snapshot === undefined) looking.fleet.forget(key);
  return snapshot && withRemembered(snapshot, looking);
}

/**
 * Plans from what the API server says now. Used before a step that cannot be undone. Undefined when the Station is
 * gone, is being deleted or is paused by then. Rejects when the API server does not answer.
 */
export async function planStationAgain(key: Key, looking: Looking): Promise<Plan | undefined> {
  const before = partsOf(key, looking.stores);
  if (before === undefined) return undefined;
  const { station, ...fresh } = await readFresh(looking.client, before.station);
  looking.learn(stations, station);
  const known = partsOf(key, looking.stores);
  if (known?.station.uid !== before.station.uid || known.station.object.spec.paused) return undefined;
  const snapshot = takeSnapshotFrom(withFresh(known, fresh, looking.leavingSigns), momentOf(looking));
  return planStation(withRemembered(snapshot, looking));
}

function momentOf({ memory, clock, stores, suspicion, hubs, scaling, fleet, forgetZoneAfterMs }: Looking): Moment {
  const { suspects, silentMs } = suspicion;
  return {
    memory,
    nowMs: clock.monotonicMs(),
    wallMs: clock.now().getTime(),
    suspects,
    silentMs,
    hasReadyPods: readyPodsIn(stores),
    hubs,
    scaling,
    fleet,
    forgetZoneAfterMs,
  };
}

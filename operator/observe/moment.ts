import type { FirstSeen } from '../engine/memory.ts';
import type { HubSight } from './hubSight.ts';
import type { ScalingSight } from './scalingSight.ts';
import type { Fleet } from './nodes/fleet.ts';

/** When a snapshot is taken, what was seen before, and what the objects do not tell. */
export interface Moment {
  readonly memory: FirstSeen;
  /** By the monotonic clock. */
  readonly nowMs: number;
  /** The date, in ms since 1970; absent: no shift is followed. */
  readonly wallMs?: number;
  /** Suspect nodes by name, each with the time of its last Lease renewal in seconds since 1970. */
  readonly suspects?: ReadonlyMap<string, number>;
  /** How many ms a node's Lease has not been renewed; undefined when Leases do not tell. */
  readonly silentMs?: (node: string) => number | undefined;
  /** Whether the API calls a pod of any station on this node Ready. */
  readonly hasReadyPods?: (node: string) => boolean;
  /** All nodes, judged with the same memory and suspects; absent: they are judged for this look alone. */
  readonly fleet?: Fleet;
  /** What is known of hubs; absent: there are none. */
  readonly hubs?: Pick<HubSight, 'away' | 'refused' | 'sending'> | undefined;
  /** What is known of load; absent: nobody sets demand by it. */
  readonly scaling?: Pick<ScalingSight, 'of'> | undefined;
  /** How long a zone whose nodes vanished is still known, as a lost one; `FORGET_ZONE_AFTER_MS` by default. */
  readonly forgetZoneAfterMs?: number;
}

/** 6 h: a cloud that deletes the nodes of a dead zone needs less than that to bring the zone back. */
export const FORGET_ZONE_AFTER_MS = 6 * 3_600_000;

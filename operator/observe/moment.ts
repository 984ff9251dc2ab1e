import type { FirstSeen } from '../engine/memory.ts';

/** When a look is taken, what was seen before, and what is known beside the objects. */
export interface Moment {
  readonly memory: FirstSeen;
  /** Monotonic. */
  readonly nowMs: number;
  /** Suspect nodes by name, each with when its Lease was renewed last, in seconds since 1970; none while nobody looks at Leases. */
  readonly suspects?: ReadonlyMap<string, number>;
  /** How long a zone whose nodes vanished is known as a lost one; `FORGET_ZONE_AFTER_MS` unless told. */
  readonly forgetZoneAfterMs?: number;
}

/** 6 h: longer than a cloud that deletes the nodes of a dead zone needs to bring the zone back. */
export const FORGET_ZONE_AFTER_MS = 6 * 3_600_000;

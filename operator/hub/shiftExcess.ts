import type { PairLoad } from '../balance/load.ts';
import type { BackendLoad } from '../balance/reports.ts';
import type { StationObject } from '../observe/objects.ts';
import { shiftAt } from '../api/shifts.ts';

/** Zones that requests are to leave now, whether they have left or not. `wallMs`: the date, in ms since 1970. */
export function zonesToLeave({ object: { spec } }: StationObject, wallMs: number): ReadonlySet<string> {
  const shifts = spec.shifts ?? [];
  return new Set(shifts.filter((shift) => shiftAt(shift, wallMs) === 'on').map(({ zone }) => zone));
}

/**
 * How many of a backend's requests in flight are there only because zones that are to be left are slow. Elsewhere the
 * requests that such a zone gets would be under way for as long as the others' are (Little's law, L = λ · W):
 *
 *   in flight there − requests a second there · in flight elsewhere / requests a second elsewhere
 *
 * Where the others get less than half of what the zone gets, they tell too little, and all requests count.
 *
 * Example: each of three zones gets 100 requests a second, and has 24, 240 and 24 in flight. The second is to be left: 216
 * are excess, since its requests would be 24 elsewhere.
 */
export function shiftExcess(load: BackendLoad, zones: Iterable<string>, toLeave: ReadonlySet<string>): number {
  if (toLeave.size === 0) return 0;
  const all = [...new Set(zones)].map((zone) => ({ zone, ...loadTo(load, zone) }));
  const others = sumOf(all.filter(({ zone }) => !toLeave.has(zone)));
  return all
    .filter(({ zone, issued }) => toLeave.has(zone) && others.issued > 0 && others.issued >= issued / 2)
    .reduce((sum, { issued, inFlight }) => sum + Math.max(0, inFlight - (issued * others.inFlight) / others.issued), 0);
}

type Sent = Pick<PairLoad, 'issued' | 'inFlight'>;

function loadTo({ hubZones, between }: BackendLoad, zone: string): Sent {
  return sumOf(hubZones.map((hubZone) => between(hubZone, zone)));
}

function sumOf(loads: readonly Sent[]): Sent {
  return {
    issued: loads.reduce((sum, { issued }) => sum + issued, 0),
    inFlight: loads.reduce((sum, { inFlight }) => sum + inFlight, 0),
  };
}

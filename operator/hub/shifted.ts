import type { StationSpec } from '../api/station.ts';
import type { StationObject } from '../observe/objects.ts';
import type { Endpoint } from '../traffic/form.ts';
import { declaredLossOf } from './loss.ts';

/** Zones that requests leave: as the leader has decided, and while the shift is declared. */
export function shiftedZones({ object: { spec, status } }: StationObject): ReadonlySet<string> {
  const declared = new Set(spec.shifts?.map(({ zone }) => zone));
  return new Set(status?.shifted?.filter((zone) => declared.has(zone)));
}

/** The endpoint as requests leave these zones. */
export function leavingShifted(endpoint: Endpoint, shifted: ReadonlySet<string>): Endpoint {
  return endpoint.state === 'Serving' && shifted.has(endpoint.zone) ? { ...endpoint, state: 'Shifted' } : endpoint;
}

/** The largest share of what is left that may die at once: each shifted zone has spent one of those that may. */
export function lossBeside(
  shifted: ReadonlySet<string>,
  there: readonly { readonly zone: string; readonly node: string }[],
  survive: StationSpec['survive'],
): number {
  const left = there.filter(({ zone }) => !shifted.has(zone));
  return declaredLossOf(left, { ...survive, zones: Math.max(0, survive.zones - shifted.size) });
}

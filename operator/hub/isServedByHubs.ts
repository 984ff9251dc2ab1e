import { isForHubs } from '../api/hub.ts';
import { keyOf } from '../api/kubernetes/key.ts';
import type { StationObject } from '../observe/objects.ts';
import type { Stores } from '../observe/stores.ts';

/**
 * Whether hubs have to serve a station: it asks for them, or a slice still leads to them. In the second case it is on
 * its way back, and what comes must be answered.
 */
export function isServedByHubs(station: StationObject, { slices }: Pick<Stores, 'slices'>): boolean {
  if (isForHubs(station.object.spec)) return true;
  return slices.byIndex('station', keyOf(station)).some(({ hubs }) => hubs !== undefined);
}

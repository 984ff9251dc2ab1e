import { isForHubs } from '../../api/hub.ts';
import type { FirstSeen } from '../../engine/memory.ts';
import { HUB_MISSING_MS } from '../../model/thresholds.ts';
import type { HubView } from '../../model/hub.ts';
import type { ChildOwner } from '../../model/owner.ts';
import type { ServicePort } from '../../model/child.ts';
import type { HubSlice } from '../objects.ts';
import { childOf } from '../ownership.ts';
import type { SnapshotParts } from './parts.ts';
import { hubConflictOf } from './hubConflict.ts';
import { serviceView } from './serviceView.ts';

/** A fact that the memory keeps: hubs are asked for, and none is listed. */
const MISSING = 'missing';

/** How far the way through the hubs is; undefined where it is not asked for, and nothing is left of one. */
export function hubViewOf(
  { station, service, podsService, slices, pods, policies }: SnapshotParts,
  owner: ChildOwner,
  { memory, nowMs }: { readonly memory: FirstSeen; readonly nowMs: number },
): HubView | undefined {
  const ours = slices.flatMap(({ service: of, hubs }) => (of === station.name && hubs !== undefined ? [hubs] : []));
  const { spec } = station.object;
  if (spec.hub === undefined && ours.length === 0 && podsService === undefined) return undefined;
  const listed = new Set(ours.flatMap((slice) => readyIn(slice, service?.ports ?? []))).size;
  const conflict = hubConflictOf(station, { service, pods, policies });
  const isMissing = isForHubs(spec) && conflict === undefined && listed === 0;
  const ages = memory.observe(`hubs of ${station.uid}`, isMissing ? [MISSING] : [], nowMs);
  const missingMs = ages.get(MISSING);
  return {
    listed,
    slices: ours.length,
    podsService: childOf(podsService, owner, serviceView),
    ...(conflict === undefined ? {} : { conflict }),
    ...(missingMs === undefined ? {} : { missingMs }),
    ...(missingMs !== undefined && missingMs < HUB_MISSING_MS ? { lookAgainMs: HUB_MISSING_MS - missingMs } : {}),
  };
}

/** Addresses of the hubs that a slice lists as ready; none while it lacks a port of the Service. */
function readyIn({ endpoints, ports }: HubSlice, asked: readonly ServicePort[]): readonly string[] {
  const names = new Set(ports.map(({ name }) => name));
  if (!asked.every(({ name }) => names.has(name))) return [];
  return endpoints.filter(({ state }) => state === 'Ready').map(({ address }) => address);
}

import { isForHubs } from '../../api/hub.ts';
import { HUB_MISSING_MS } from '../../model/thresholds.ts';
import type { HubView } from '../../model/hub.ts';
import type { ChildOwner } from '../../model/owner.ts';
import type { ServicePort } from '../../model/child.ts';
import type { HubSlice } from '../objects.ts';
import type { Moment } from '../moment.ts';
import { childOf } from '../ownership.ts';
import type { SnapshotParts } from './parts.ts';
import { hubConflictOf } from './hubConflict.ts';
import { serviceView } from './serviceView.ts';

/** A fact that the memory keeps: hubs are asked for, and none is listed. */
const MISSING = 'missing';

/** How far the way through the hubs is; undefined where it is not asked for, and nothing is left of one. */
export function hubViewOf(
  { key, station, service, podsService, slices, pods, policies }: SnapshotParts,
  owner: ChildOwner,
  { memory, nowMs, hubs }: Pick<Moment, 'memory' | 'nowMs' | 'hubs'>,
): HubView | undefined {
  const ours = slices.flatMap((slice) => (slice.service === station.name ? (slice.hubs ?? []) : []));
  const { spec } = station.object;
  if (spec.hub === undefined && ours.length === 0 && podsService === undefined) return undefined;
  // Without hubs of its own, the operator keeps no slices: what these list may be gone.
  const kept = hubs === undefined ? [] : ours;
  const listed = new Set(kept.flatMap((slice) => readyIn(slice, service?.ports ?? []))).size;
  const conflict = hubConflictOf(station, { service, pods, policies });
  const isMissing = isForHubs(spec) && conflict === undefined && listed === 0;
  const ages = memory.observe(`hubs of ${station.uid}`, isMissing ? [MISSING] : [], nowMs);
  const missingMs = ages.get(MISSING);
  const away = hubs?.away();
  const refused = hubs?.refused(key);
  const sending = hubs?.sending(key);
  const waitsMs = missingMs === undefined ? undefined : HUB_MISSING_MS - missingMs;
  const looksAgain = (waitsMs ?? 0) > 0 || (hubs !== undefined && (waitsMs !== undefined || refused !== undefined));
  return {
    listed,
    slices: ours.length,
    podsService: childOf(podsService, owner, serviceView),
    ...(conflict === undefined ? {} : { conflict }),
    ...(missingMs === undefined ? {} : { missingMs }),
    ...(missingMs === undefined || away === undefined ? {} : { missingWhy: away }),
    ...(refused === undefined ? {} : { refused }),
    ...(sending === undefined ? {} : { sending }),
    ...(looksAgain ? { lookAgainMs: lookAgain(waitsMs) } : {}),
  };
}

/** What keeps hubs away, and what they refuse, may change without an event. */
function lookAgain(waitsMs: number | undefined): number {
  return waitsMs !== undefined && waitsMs > 0 ? waitsMs : HUB_MISSING_MS;
}

/** Addresses of the hubs that a slice lists as ready; none while it lacks a port of the Service. */
function readyIn({ endpoints, ports }: HubSlice, asked: readonly ServicePort[]): readonly string[] {
  const names = new Set(ports.map(({ name }) => name));
  if (!asked.every(({ name }) => names.has(name))) return [];
  return endpoints.filter(({ state }) => state === 'Ready').map(({ address }) => address);
}

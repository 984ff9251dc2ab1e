import { showZone } from '../api/zone.ts';
import type { Survival } from '../model/plan.ts';

/**
 * What a placement survives, in words:
 *
 * - `1 zone, 2 nodes`;
 * - `2 pods` when it cannot lose a whole node, `none` when it cannot lose anything;
 * - `none, 2 short` below demand;
 * - `0 more zones, zone-b is down` when a zone is lost.
 */
export function survivesInWords(survival: Survival): string {
  if (survival.short > 0) return `none, ${survival.short} short`;
  const { lostZones, zones, nodes, pods } = survival;
  if (lostZones.length > 0) {
    const down = `${lostZones.map(showZone).join(', ')} ${lostZones.length === 1 ? 'is' : 'are'} down`;
    return [`${zones} more zone${zones === 1 ? '' : 's'}`, ...some(nodes, 'node'), down].join(', ');
  }
  const places = [...some(zones, 'zone'), ...some(nodes, 'node')];
  if (places.length > 0) return places.join(', ');
  return some(pods, 'pod')[0] ?? 'none';
}

function some(many: number, thing: string): string[] {
  if (many === 0) return [];
  return [`${many} ${thing}${many === 1 ? '' : 's'}`];
}

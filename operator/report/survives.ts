import { statusLimits } from '../api/status.ts';
import type { SurvivalStatus } from '../api/status.ts';
import { showZone } from '../api/zone.ts';
import type { ZoneName } from '../api/zone.ts';
import { clip } from './clip.ts';

/** What a placement survives as a status has it: as numbers, and in words. */
export function survivalStated({ pods, nodes, zones, short, lostZones }: SurvivalStatus): {
  readonly survives: string;
  readonly survival: SurvivalStatus;
} {
  const survival = { pods, nodes, zones, short, lostZones: lostZones.slice(0, statusLimits.zones) };
  return { survives: clip(survivesInWords(survival), statusLimits.survives), survival };
}

/**
 * What a placement survives, in words:
 *
 * - `1 zone, 2 nodes`;
 * - `2 pods` when it cannot lose a whole node, `none` when it cannot lose anything;
 * - `none, 2 short` below demand;
 * - `0 more zones, zone-b is down` when a zone is lost.
 */
export function survivesInWords(survival: SurvivalStatus): string {
  if (survival.short > 0) return `none, ${survival.short} short`;
  const { lostZones, zones, nodes, pods } = survival;
  if (lostZones.length > 0) {
    return [`${zones} more zone${zones === 1 ? '' : 's'}`, ...some(nodes, 'node'), areDown(lostZones)].join(', ');
  }
  const places = [...some(zones, 'zone'), ...some(nodes, 'node')];
  if (places.length > 0) return places.join(', ');
  return some(pods, 'pod')[0] ?? 'none';
}

/** `zone-b is down`. */
export function areDown(zones: readonly string[]): string {
  return `${zones.map((zone) => showZone(zone as ZoneName)).join(', ')} ${zones.length === 1 ? 'is' : 'are'} down`;
}

function some(many: number, thing: string): string[] {
  if (many === 0) return [];
  return [`${many} ${thing}${many === 1 ? '' : 's'}`];
}

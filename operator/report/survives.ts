import { statusLimits } from '../api/status.ts';
import type { SurvivalStatus } from '../api/status.ts';
import { showZone } from '../api/zone.ts';
import type { ZoneName } from '../api/zone.ts';
import { clip } from './clip.ts';

/** What a placement survives as a status has it: as numbers, and in words. */
export function survivalStated({ pods, nodes, zones, short, lostZones, shiftedZones = [] }: SurvivalStatus): {
  readonly survives: string;
  readonly survival: SurvivalStatus;
} {
  const shifted = shiftedZones.slice(0, statusLimits.zones);
  const survival = {
    pods,
    nodes,
    zones,
    short,
    lostZones: lostZones.slice(0, statusLimits.zones),
    ...(shifted.length === 0 ? {} : { shiftedZones: shifted }),
  };
  return { survives: clip(survivesInWords(survival), statusLimits.survives), survival };
}

/**
 * What a placement survives, in words:
 *
 * - `1 zone, 2 nodes`;
 * - `2 pods` when it cannot lose a whole node, `none` when it cannot lose anything;
 * - `none, 2 short` below demand;
 * - `0 more zones, zone-b is down` when a zone is lost, `zone-b is shifted` when requests are to leave it.
 */
export function survivesInWords(survival: SurvivalStatus): string {
  if (survival.short > 0) return `none, ${survival.short} short`;
  const { lostZones, shiftedZones = [], zones, nodes, pods } = survival;
  if (lostZones.length + shiftedZones.length > 0) {
    return [`${zones} more zone${zones === 1 ? '' : 's'}`, ...some(nodes, 'node'), zonesOut(survival)].join(', ');
  }
  const places = [...some(zones, 'zone'), ...some(nodes, 'node')];
  if (places.length > 0) return places.join(', ');
  return some(pods, 'pod')[0] ?? 'none';
}

/** The zones that no pod is counted in: `zone-b is down, zone-c is shifted`. */
export function zonesOut({ lostZones, shiftedZones = [] }: SurvivalStatus): string {
  const are = (zones: readonly string[], what: string): string[] =>
    zones.length === 0
      ? []
      : [`${zones.map((zone) => showZone(zone as ZoneName)).join(', ')} ${zones.length === 1 ? 'is' : 'are'} ${what}`];
  return [...are(lostZones, 'down'), ...are(shiftedZones, 'shifted')].join(', ');
}

function some(many: number, thing: string): string[] {
  if (many === 0) return [];
  return [`${many} ${thing}${many === 1 ? '' : 's'}`];
}

/*
 * What all stations of a Kitchen survive. Of pods, nodes and zones that may be lost, the smallest number of any station
 * counts. Of missing pods, the largest number counts. A zone that any station has lost is listed.
 */
import type { SurvivalStatus } from '../../api/status.ts';

/** What all of these stations survive; undefined when there is no station. */
export function leastSurvival(stations: readonly SurvivalStatus[]): SurvivalStatus | undefined {
  if (stations.length === 0) return undefined;
  const fewest = (kind: 'pods' | 'nodes' | 'zones'): number => Math.min(...stations.map((each) => each[kind]));
  const all = (zones: readonly string[]): string[] => [...new Set(zones)].toSorted();
  const shiftedZones = all(stations.flatMap((each) => each.shiftedZones ?? []));
  return {
    pods: fewest('pods'),
    nodes: fewest('nodes'),
    zones: fewest('zones'),
    short: Math.max(...stations.map(({ short }) => short)),
    lostZones: all(stations.flatMap(({ lostZones }) => lostZones)),
    ...(shiftedZones.length === 0 ? {} : { shiftedZones }),
  };
}

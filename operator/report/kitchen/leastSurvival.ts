/*
 * The least that all stations of a Kitchen survive: of pods, nodes and zones the fewest of any station, the most pods that one is
 * short of, and every zone that one has lost.
 */
import type { SurvivalStatus } from '../../api/status.ts';

/** What all stations survive; undefined for none. */
export function leastSurvival(stations: readonly SurvivalStatus[]): SurvivalStatus | undefined {
  if (stations.length === 0) return undefined;
  const fewest = (kind: 'pods' | 'nodes' | 'zones'): number => Math.min(...stations.map((each) => each[kind]));
  return {
    pods: fewest('pods'),
    nodes: fewest('nodes'),
    zones: fewest('zones'),
    short: Math.max(...stations.map(({ short }) => short)),
    lostZones: [...new Set(stations.flatMap(({ lostZones }) => lostZones))].toSorted(),
  };
}

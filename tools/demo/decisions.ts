import type { Station } from '../../operator/api/station.ts';

/** The newest decisions of all stations, newest last: time of day here, station, what and why. */
export function decisions(stations: readonly Station[], most: number): readonly string[] {
  const all = stations.flatMap((station) =>
    (station.status?.decisions ?? []).toReversed().map((decision) => ({ ...decision, of: station.spec.station })),
  );
  const inOrder = all.toSorted((a, b) => Date.parse(a.time) - Date.parse(b.time));
  return inOrder
    .slice(Math.max(0, inOrder.length - most))
    .map(({ time, of, what, why }) => `${clockOf(time)}  ${of.padEnd(6)} ${what}: ${why}`);
}

function clockOf(time: string): string {
  return new Date(time).toTimeString().slice(0, 8);
}

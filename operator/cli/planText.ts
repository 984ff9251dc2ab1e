import { keyOf } from '../api/kubernetes/key.ts';
import { styleText } from 'node:util';
import type { Kitchen } from '../api/kitchen.ts';
import { showZone } from '../api/zone.ts';
import { alivePods } from '../model/pod.ts';
import { podsOf } from '../model/snapshot.ts';
import { priceOf } from '../report/station/price.ts';
import { columns } from './columns.ts';
import type { PlannedStation } from './planFile.ts';

/** A Kitchen's plan as people read it: pods, placement and price of each station, then what breaks a promise. */
export function planText(kitchen: Kitchen, namespace: string, stations: readonly PlannedStation[]): string {
  const zones = [...new Set(stations.flatMap(({ snapshot }) => snapshot.zones.map((zone) => zone.name)))].toSorted();
  const heading = [
    'STATION',
    'DEMAND',
    'PODS',
    'NOW',
    'SURVIVES THE LOSS OF',
    ...zones.map(showZone),
    'EXTRA',
    'CPU',
    'MEMORY',
  ];
  const rows = stations.map((station) => {
    const { spec } = station.snapshot.station;
    const price = priceOf(spec.template, Math.max(0, station.plan.target - spec.replicas));
    return [
      station.name,
      String(spec.replicas),
      String(station.plan.target),
      String(podsNow(station)),
      losses(spec.survive),
      ...zones.map((zone) => String(station.plan.zoneTargets.get(zone) ?? '-')),
      `+${price.pods}`,
      price.cpu,
      price.memory,
    ];
  });
  return [
    styleText(
      'bold',
      `Kitchen ${keyOf({ namespace, name: kitchen.metadata.name })}, planned against the live cluster; nothing is written`,
    ),
    '',
    ...columns([heading, ...rows]),
    ...stations.flatMap(remarks),
  ].join('\n');
}

function remarks({ name, plan, refused, unchecked, hubReaders }: PlannedStation): readonly string[] {
  const lines = plan.problems.map(
    (problem) => `${styleText('yellow', '!')} ${name}: ${problem.kind}: ${problem.message}`,
  );
  lines.push(
    ...plan.shifts.map(
      ({ zone, until }) => `• ${name}: ${showZone(zone)} is shifted until ${until}, and counted as lost`,
    ),
  );
  lines.push(...hubReaders.map((reader) => `${styleText('yellow', '!')} ${name}: hub: ${reader}`));
  if (refused !== undefined)
    lines.push(`${styleText('red', '✗')} ${name}: the API server refuses its pods: ${refused}`);
  if (unchecked !== undefined)
    lines.push(`${styleText('yellow', '!')} ${name}: its pods were not checked: ${unchecked}`);
  return lines.length === 0 ? [] : ['', ...lines];
}

function podsNow({ snapshot }: PlannedStation): number {
  return alivePods(podsOf(snapshot)).length;
}

function losses(survive: { readonly zones: number; readonly nodes: number; readonly pods: number }): string {
  const parts = (['zones', 'nodes', 'pods'] as const)
    .filter((kind) => survive[kind] > 0)
    .map((kind) => `${survive[kind]} ${survive[kind] === 1 ? kind.slice(0, -1) : kind}`);
  return parts.length === 0 ? 'nothing' : parts.join(' or ');
}

import { columns } from '../../../operator/cli/columns.ts';
import type { ScaleResult, SizeResult, Spread } from './result.ts';

type Figure = readonly [string, (size: SizeResult) => string];

const both = ({ p50, p99 }: Spread): string => `${p50} / ${p99} ms`;

const figures: readonly Figure[] = [
  ['pods, on nodes', ({ pods, nodes }) => `${pods}, ${nodes}`],
  ['until all stations run', ({ servedSeconds }) => `${servedSeconds} s`],
  ['steady minute: writes, looks', ({ steady }) => `${steady.writes}, ${steady.looks}`],
  ['steady minute: CPU, RSS', ({ steady }) => `${steady.cpuPercent} %, ${steady.rssMib} MiB`],
  ['pod deleted → first write, p50 / p99', ({ podKills }) => both(podKills.toWriteMs)],
  ['looks, writes a deleted pod', ({ podKills }) => `${podKills.looksPerEvent}, ${podKills.writesPerEvent}`],
  ['zone dies: stations that lost a pod', ({ zoneKill }) => String(zoneKill.stations)],
  ['first node lost → Deployment grown, p50 / p99', ({ zoneKill }) => both(zoneKill.toGrowMs)],
  ['death → half, all stations whole', ({ zoneKill }) => `${zoneKill.halfWholeSeconds}, ${zoneKill.allWholeSeconds} s`],
  ['first node lost → all stations whole', ({ zoneKill }) => `${zoneKill.noticedSeconds} s`],
  ['looks, writes a station', ({ zoneKill }) => `${zoneKill.looksPerStation}, ${zoneKill.writesPerStation}`],
  ['RSS of the operator afterwards', ({ zoneKill }) => `${zoneKill.rssMib} MiB`],
];

/** One column for each size, then which component was busy while the stations of the dead zone recovered. */
export function scaleTable({ sizes }: ScaleResult): string {
  const queues = Object.keys(sizes[0]?.zoneKill.queues ?? {});
  const processes = Object.keys(sizes[0]?.zoneKill.cpuSeconds ?? {});
  const rows = [
    ['', ...sizes.map(({ kitchens, stations }) => `${kitchens} Kitchens, ${stations} stations`)],
    ...figures.map(([name, of]) => [name, ...sizes.map(of)]),
    ...queues.map((name) => [
      `queue of ${name}: most, time not empty`,
      ...sizes.map(({ zoneKill }) => {
        const depth = zoneKill.queues[name];
        return `${depth?.most ?? 0}, ${depth?.busySeconds ?? 0} s`;
      }),
    ]),
    ...processes.map((name) => [
      `CPU of ${name}`,
      ...sizes.map(({ zoneKill }) => `${zoneKill.cpuSeconds[name] ?? 0} s`),
    ]),
  ];
  return columns(rows).join('\n');
}

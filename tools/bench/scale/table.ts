import { columns } from '../../../operator/cli/columns.ts';
import { calmMedian, groupsOf, zoneMedian } from './median.ts';
import type { Group } from './median.ts';
import type { ByName, ScaleResult, Subject, ZoneFigures } from './result.ts';
import { totalOf } from './writes.ts';

/** A cell of one group; the others of its size are there to compare with. */
type Cell = (own: Group, others: ReadonlyMap<Subject, Group>) => string;
type Rows = readonly (readonly string[])[];

/** Kinds of write that are rarer than this, a station, are not listed. */
const RARE = 0.05;

/** For each size a heading and rows: one column for each subject. */
export interface SizeTable {
  readonly title: string;
  readonly rows: Rows;
}

/** One table for each size. */
export function scaleTables({ rows, against, ...result }: ScaleResult): readonly SizeTable[] {
  const names: Readonly<Record<Subject, string>> = {
    floor: 'floor',
    against: against?.slice(0, 7) ?? 'older commit',
    now: result.commit,
    suspecting: `${result.commit}, suspecting`,
  };
  return groupsOf(rows).map((groups) => {
    const { kitchens = 0, namespaces = 0 } = groups[0] ?? {};
    const where = namespaces === 1 ? 'one namespace' : `${namespaces} namespaces`;
    const all = new Map(groups.map((group) => [group.who, group]));
    const cells = [...figures, ...kindsOf(groups)].map(([name, cell]) => [
      name,
      ...groups.map((group) => cell(group, all)),
    ]);
    return {
      title: `${kitchens} Kitchens in ${where}`,
      rows: [
        ['', ...groups.map(({ who }) => names[who])],
        ...cells.filter(([, ...own]) => own.some((cell) => cell !== NONE)),
      ],
    };
  });
}

/** For a terminal. */
export function plainTable({ title, rows }: SizeTable): string {
  return [title, ...columns(rows)].join('\n');
}

/** For a page. */
export function markdownTable({ title, rows: [head = [], ...rows] }: SizeTable): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line([title, ...head.slice(1)]), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const NONE = '-';

const figures: readonly (readonly [string, Cell])[] = [
  ['runs', (own) => runsOf(own)],
  ['first Kitchen sent → all stations run', zone(({ servedS }) => servedS, ' s')],
  ['first node lost, after the death', zone(({ lostS }) => lostS, ' s')],
  ['last node lost, after the death', zone(({ allLostS }) => allLostS, ' s')],
  ['whole, after the death', zone(({ fromDeathS }) => fromDeathS ?? Infinity, ' s')],
  ['whole, after the first lost node', (own, others) => (own.who === 'suspecting' ? NONE : wholeCell(own, others))],
  ['whole / floor', ratio('floor', wholeOf)],
  ['Deployment grown, after the first lost node: p50', zone(({ grownMs }) => grownMs.p50, ' ms')],
  ['Deployment grown, after the first lost node: p99', zone(({ grownMs }) => grownMs.p99, ' ms')],
  ['CPU, with the tail: API server', cpu('kube-apiserver')],
  ['CPU, with the tail: API server / floor', ratio('floor', ({ cpuS }) => cpuS['kube-apiserver'])],
  ['CPU, with the tail: controllers', cpu('kube-controller-manager')],
  ['CPU, with the tail: etcd', cpu('etcd')],
  ['CPU, with the tail: scheduler', cpu('kube-scheduler')],
  ['CPU, with the tail: kwok', cpu('kwok')],
  ['CPU, with the tail: this benchmark', cpu('bench')],
  ['CPU, with the tail: operator', cpu('operator')],
  ['CPU, with the tail: operator / older commit', ratio('against', ({ cpuS }) => cpuS['operator'])],
  ['looks a station', zone(({ looks }) => looks)],
  ['writes a station: ours', zone(({ writes }) => totalOf(writes))],
  ['writes a station: ours, of them conflicts', zone(({ conflicts }) => conflicts.ours)],
  ['writes a station: Kubernetes', zone(({ kubernetesWrites }) => totalOf(kubernetesWrites))],
  ['writes a station: Kubernetes, of them conflicts', zone(({ conflicts }) => conflicts.kubernetes)],
  ['pods made', zone(({ podsMade }) => podsMade)],
  ['pods made: into the dying zone', zone(({ intoDyingZone }) => intoDyingZone)],
  ['pods made: twice', zone(({ madeTwice }) => madeTwice)],
  ['RSS of the operator: all served', zone(({ rssServedMiB }) => rssServedMiB, ' MiB')],
  ['RSS of the operator: after the death', zone(({ rssMiB }) => rssMiB, ' MiB')],
  ['RSS of the operator: after the death / older commit', ratio('against', ({ rssMiB }) => rssMiB)],
  ['RSS of the operator: at most', zone(({ rssPeakMiB }) => rssPeakMiB, ' MiB')],
  ['a pod deleted: first write, p50', calm(({ podKills }) => podKills.toWriteMs.p50, ' ms')],
  ['a pod deleted: first write, p99', calm(({ podKills }) => podKills.toWriteMs.p99, ' ms')],
  ['a pod deleted: looks', calm(({ podKills }) => podKills.looksPerEvent)],
  ['a pod deleted: writes', calm(({ podKills }) => podKills.writesPerEvent)],
  ['a pod deleted: CPU of the operator', calm(({ podKills }) => podKills.cpuMsPerEvent, ' ms')],
  ['steady minute: writes', calm(({ steady }) => steady.writes)],
  ['steady minute: looks', calm(({ steady }) => steady.looks)],
  ['steady minute: CPU of the operator', calm(({ steady }) => steady.cpuPercent, ' %')],
  ['steady minute: RSS of the operator', calm(({ steady }) => steady.rssMiB, ' MiB')],
];

/** A row for each kind of write that is not rare, the most frequent first. */
function kindsOf(groups: readonly Group[]): readonly (readonly [string, Cell])[] {
  const rowsFor = (title: string, countsOf: (row: ZoneFigures) => ByName): readonly (readonly [string, Cell])[] => {
    const all = groups.flatMap(({ zone: rows }) => rows.map(countsOf));
    const most = new Map<string, number>();
    for (const counts of all)
      for (const [name, count] of Object.entries(counts)) most.set(name, Math.max(most.get(name) ?? 0, count));
    return [...most]
      .filter(([, count]) => count >= RARE)
      .toSorted(([, a], [, b]) => b - a)
      .map(([name]) => [`${title} ${name}`, zone((row) => countsOf(row)[name] ?? 0)]);
  };
  return [
    ...rowsFor('writes a station: ours,', ({ writes }) => writes),
    ...rowsFor('writes a station:', (row) => row.kubernetesWrites),
  ];
}

/** `3`, or `2, 1 not whole, 1 failed`. */
function runsOf({ zone: rows, calm: calmRows, failed }: Group): string {
  const notWhole = rows.filter(({ wholeS }) => wholeS === null).length;
  return [
    String(Math.max(rows.length, calmRows.length)),
    ...(notWhole > 0 ? [`${notWhole} not whole`] : []),
    ...(failed.length > 0 ? [`${failed.length} failed`] : []),
  ].join(', ');
}

/** A run that was not whole took longer than any other. */
function wholeOf({ wholeS }: ZoneFigures): number {
  return wholeS ?? Infinity;
}

const wholeCell = zone(wholeOf, ' s');

function zone(figure: (row: ZoneFigures) => number | null | undefined, unit = ''): Cell {
  return (own) => text(zoneMedian(own, figure), unit);
}

function calm(figure: Parameters<typeof calmMedian>[1], unit = ''): Cell {
  return (own) => text(calmMedian(own, figure), unit);
}

function cpu(process: string): Cell {
  return zone(({ cpuS }) => cpuS[process], ' s');
}

/** `1.46`; the run with suspicion is counted from another moment, so it is compared with nothing. */
function ratio(to: Subject, figure: (row: ZoneFigures) => number | null | undefined): Cell {
  return (own, others) => {
    const [value, base] = [zoneMedian(own, figure), zoneMedian(others.get(to), figure)];
    if (own.who === to || own.who === 'suspecting' || value === undefined || base === undefined) return NONE;
    return text(Math.round((value / base) * 100) / 100, '');
  };
}

function text(value: number | undefined, unit: string): string {
  if (value === undefined || Number.isNaN(value)) return NONE;
  return value === Infinity ? 'not within the limit' : `${value}${unit}`;
}

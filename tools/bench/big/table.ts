import { columns } from '../../../operator/cli/columns.ts';
import type { BigResult } from './big.ts';

interface Row {
  readonly what: string;
  readonly value: (result: BigResult) => number | undefined;
  /** What the figure is divided by for the ratio; undefined: it is not to grow at all. */
  readonly per?: (result: BigResult) => number;
  readonly digits: number;
}

const perPod = ({ pods }: BigResult): number => pods;
const rows: readonly Row[] = [
  { what: 'everything listed after, s', value: (each) => each.syncedS, per: perPod, digits: 1 },
  { what: 'every station looked at after, s', value: (each) => each.startS, per: perPod, digits: 1 },
  { what: 'CPU until then, s', value: (each) => each.startCpuS, per: perPod, digits: 1 },
  { what: 'live heap, MiB', value: (each) => each.heapMib, per: perPod, digits: 0 },
  { what: 'RSS, MiB', value: (each) => each.rssMib, per: perPod, digits: 0 },
  { what: 'live heap of one of two shards, MiB', value: (each) => each.halfHeapMib, per: perPod, digits: 0 },
  { what: 'RSS of one of two shards, MiB', value: (each) => each.halfRssMib, per: perPod, digits: 0 },
  { what: 'CPU of a look with nothing to do, ms', value: (each) => each.lookMs, digits: 2 },
  {
    what: 'CPU while idle, % of a core',
    value: (each) => each.idleCores && 100 * each.idleCores,
    per: (each) => each.nodes,
    digits: 1,
  },
  { what: 'a zone dies: CPU, s', value: (each) => each.deathCpuS, per: perPod, digits: 1 },
  { what: 'a zone dies: looks', value: (each) => each.deathLooks, per: perPod, digits: 0 },
  { what: 'a zone dies: writes', value: (each) => each.deathWrites, per: perPod, digits: 0 },
];

/**
 * A table for each operator, a column for each size. In brackets: how often the figure, divided by what it may grow
 * with, is that of the smallest cluster; 1.0 where it grows evenly.
 */
export function tableOf(results: readonly BigResult[]): string {
  return [...Map.groupBy(results, ({ who }) => who)]
    .map(([who, of]) => [who, columns(linesOf(of)).join('\n')].join('\n'))
    .join('\n\n');
}

function linesOf(results: readonly BigResult[]): readonly (readonly string[])[] {
  const [smallest] = results;
  const head = [
    'nodes, pods, stations',
    ...results.map(({ nodes, pods, stations }) => `${nodes}, ${pods}, ${stations}`),
  ];
  return [head, ...rows.map((row) => [row.what, ...results.map((each) => cellOf(row, each, smallest))])];
}

function cellOf({ value, per = () => 1, digits }: Row, result: BigResult, smallest: BigResult | undefined): string {
  const figure = value(result);
  if (figure === undefined) return '–';
  const first = smallest && value(smallest);
  if (smallest === undefined || result === smallest || first === undefined || first === 0)
    return figure.toFixed(digits);
  const ratio = figure / per(result) / (first / per(smallest));
  return `${figure.toFixed(digits)} (${ratio.toFixed(1)})`;
}

import { columns } from '../../../operator/cli/columns.ts';
import { median } from '../scale/median.ts';
import { faultNames, faults } from './faults.ts';
import type { FaultName } from './faults.ts';
import type { Method, Row } from './result.ts';
import { wayNames, ways } from './ways/names.ts';
import type { WayName } from './ways/names.ts';

/** A heading and rows: one for each fault, with a column for each way. */
export interface TrafficTable {
  readonly title: string;
  readonly rows: readonly (readonly string[])[];
}

/** Requests that failed, and how long the others took. */
export function trafficTables(rows: readonly Row[]): readonly TrafficTable[] {
  return [
    { title: 'failed: GETs + POSTs of all', rows: cellsOf(rows, failedCell) },
    { title: 'answered, ms: p50, p99 of GETs; of POSTs', rows: cellsOf(rows, timesCell) },
    { title: 'why they failed', rows: cellsOf(rows, causesCell) },
  ];
}

/** For a terminal. */
export function plainTable({ title, rows }: TrafficTable): string {
  return [title, ...columns(rows)].join('\n');
}

/** For a page. */
export function markdownTable({ title, rows: [head = [], ...rows] }: TrafficTable): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line([title, ...head.slice(1)]), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Failed and sent requests of one fault behind one way, all runs together. */
export interface Sum {
  readonly sent: number;
  readonly failed: number;
}

export function sumOf(rows: readonly Row[]): Sum {
  return {
    sent: rows.reduce((sum, { sent }) => sum + sent, 0),
    failed: rows.reduce((sum, { failed }) => sum + failed, 0),
  };
}

/** The rows of one fault behind one way; undefined: there is none. */
export function cellRows(rows: readonly Row[], fault: FaultName, who: WayName): readonly Row[] | undefined {
  const own = rows.filter((row) => row.fault === fault && row.who === who);
  return own.length > 0 ? own : undefined;
}

const NONE = '-';

function cellsOf(rows: readonly Row[], cell: (own: readonly Row[]) => string): readonly (readonly string[])[] {
  const present = wayNames.filter((way) => rows.some(({ who }) => who === way));
  const lines = faultNames
    .filter((fault) => rows.some((row) => row.fault === fault))
    .map((fault) => [
      faults[fault].words,
      ...present.map((way) => {
        const own = cellRows(rows, fault, way);
        return own === undefined ? NONE : cell(own);
      }),
    ]);
  return [['', ...present.map((way) => ways[way])], ...lines];
}

/** `3 + 1 of 4500`; `0 of 4500`. */
function failedCell(own: readonly Row[]): string {
  const { sent, failed } = sumOf(own);
  if (failed === 0) return `0 of ${sent}`;
  return `${sumOf(of(own, 'GET')).failed} + ${sumOf(of(own, 'POST')).failed} of ${sent}`;
}

/** Medians of the runs: `3.4, 12; 3.5, 14`. */
function timesCell(own: readonly Row[]): string {
  const times = (method: Method): string => {
    const rows = of(own, method);
    return [median(rows.map(({ p50Ms }) => p50Ms)), median(rows.map(({ p99Ms }) => p99Ms))]
      .map((ms) => ms ?? NONE)
      .join(', ');
  };
  return `${times('GET')}; ${times('POST')}`;
}

/** `12 timeout, 3 reset`. */
function causesCell(own: readonly Row[]): string {
  const counts = new Map<string, number>();
  for (const { causes } of own)
    for (const [cause, count] of Object.entries(causes)) counts.set(cause, (counts.get(cause) ?? 0) + count);
  const most = [...counts].toSorted(([, a], [, b]) => b - a);
  return most.length === 0 ? NONE : most.map(([cause, count]) => `${count} ${cause}`).join(', ');
}

function of(rows: readonly Row[], method: Method): readonly Row[] {
  return rows.filter((row) => row.method === method);
}

import type { TrafficTable } from '../traffic/table.ts';
import { caseNames, cases } from './cases.ts';
import { policies, policyNames } from './policies.ts';
import type { ChoosingRow } from './result.ts';

/** One table for each number of hubs: a line for each case, a column for each policy. */
export function choosingTables(rows: readonly ChoosingRow[]): readonly TrafficTable[] {
  return [...Map.groupBy(rows, ({ hubs }) => hubs)].flatMap(([hubs, own]) => {
    const of = hubs === 1 ? 'one hub a zone' : `${hubs} hubs a zone`;
    return [
      { title: `p50, p99 in ms; failed (${of})`, rows: cellsOf(own, timesCell) },
      { title: `to other zones, ± swing (${of})`, rows: cellsOf(own, crossCell) },
    ];
  });
}

function cellsOf(rows: readonly ChoosingRow[], cell: (row: ChoosingRow) => string): readonly (readonly string[])[] {
  const present = policyNames.filter((name) => rows.some(({ who }) => who === name));
  const lines = caseNames
    .filter((name) => rows.some((row) => row.case === name))
    .map((name) => [
      cases[name].words,
      ...present.map((policy) => {
        const row = rows.find((each) => each.case === name && each.who === policy);
        return row === undefined ? '-' : cell(row);
      }),
    ]);
  return [['', ...present.map((name) => policies[name].words)], ...lines];
}

/** `61, 120`; `61, 3000; 37 %`. */
function timesCell({ p50Ms, p99Ms, failed, sent }: ChoosingRow): string {
  const times = `${p50Ms ?? '-'}, ${p99Ms ?? '-'}`;
  if (failed === 0) return times;
  const percent = (100 * failed) / sent;
  return `${times}; ${percent < 1 ? failed : `${Math.round(percent)} %`}`;
}

/** `33 % ± 2`. */
function crossCell({ crossPercent, swingPoints }: ChoosingRow): string {
  return `${Math.round(crossPercent)} % ± ${Math.round(swingPoints)}`;
}

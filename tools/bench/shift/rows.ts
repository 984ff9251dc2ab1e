import { columns } from '../../../operator/cli/columns.ts';
import { rowsOf as tallied } from '../traffic/tally.ts';
import type { Outcome } from '../traffic/tally.ts';
import { phases, SLOW_ZONE } from './play.ts';
import type { Phase } from './play.ts';

export const whoNames = ['hub', 'service'] as const;
export type Who = (typeof whoNames)[number];

/** The requests of one phase, GETs and POSTs together. */
export interface ShiftRow {
  readonly phase: Phase;
  readonly who: Who;
  readonly sent: number;
  readonly failed: number;
  /** Answers of pods in the slow zone. */
  readonly inZone: number;
  /** Null: no request was answered. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
}

/** A row for each phase. */
export function shiftRows(who: Who, played: ReadonlyMap<Phase, readonly Outcome[]>): readonly ShiftRow[] {
  return phases.flatMap((phase) => {
    const outcomes = played.get(phase);
    if (outcomes === undefined) return [];
    const all = outcomes.map((outcome) => ({ ...outcome, method: 'GET' as const }));
    const [row] = tallied({ fault: 'calm', who: 'hub', run: 1 }, all);
    const { sent = 0, failed = 0, p50Ms = null, p99Ms = null } = row ?? {};
    const inZone = outcomes.filter(({ pod }) => pod?.startsWith(SLOW_ZONE) === true).length;
    return [{ phase, who, sent, failed, inZone, p50Ms, p99Ms }];
  });
}

const words: Readonly<Record<Phase, string>> = {
  well: 'before',
  slow: 'a zone is 10 × as slow',
  shifted: 'and is shifted',
  over: 'is well again, the shift is over',
};
const heads: Readonly<Record<Who, string>> = { hub: 'behind hubs', service: 'a plain Service' };

/** Lines of a table, the first with the headings; all times also in ratio to those of the first phase. */
export function shiftTable(rows: readonly ShiftRow[]): readonly (readonly string[])[] {
  const present = whoNames.filter((who) => rows.some((row) => row.who === who));
  const cell = (phase: Phase, who: Who): string => {
    const own = rows.filter((row) => row.who === who);
    const row = own.find((each) => each.phase === phase);
    const p99Before = own[0]?.p99Ms;
    if (row === undefined) return '-';
    const ratio =
      row.p99Ms === null || p99Before === null || p99Before === undefined ? '' : ` (${times(row.p99Ms, p99Before)})`;
    return `${row.failed}; ${percent(row.inZone, row.sent)}; ${row.p50Ms ?? '-'}, ${row.p99Ms ?? '-'}${ratio}`;
  };
  return [
    ['failed; answered in that zone; p50, p99 in ms', ...present.map((who) => heads[who])],
    ...phases.map((phase) => [words[phase], ...present.map((who) => cell(phase, who))]),
  ];
}

function times(some: number, others: number): string {
  return `${(some / others).toFixed(1)} ×`;
}

function percent(some: number, all: number): string {
  return all === 0 ? '-' : `${Math.round((100 * some) / all)} %`;
}

/** For a terminal, or for a page. */
export function shiftText(rows: readonly ShiftRow[], markdown: boolean): string {
  const [head = [], ...lines] = shiftTable(rows);
  if (!markdown) return columns([head, ...lines]).join('\n');
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...lines.map(line)].join('\n');
}

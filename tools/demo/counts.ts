import { styleText } from 'node:util';
import { columns } from '../../operator/cli/columns.ts';
import type { Measured } from './gauge.ts';
import type { Count } from './scene.ts';

/** The pods of each service that really run, one square for each: first the promised ones, then the others. */
export function countRows(counts: readonly Count[]): readonly string[] {
  if (counts.length === 0) return [];
  const rows = counts.map(({ name, measured, reading }) => [
    name,
    String(measured.demand),
    judged(reading.now, measured),
    judged(reading.least, measured),
    wholeAgain(reading),
    bar(reading.now, measured),
  ]);
  return columns([['REALLY RUNNING', 'PROMISED', 'NOW', 'LEAST', 'WHOLE AGAIN', ''], ...rows]);
}

/** Milliseconds as people read them: `0.4 s`, `47 s`. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}

function judged(count: number, { demand }: Measured): string {
  return styleText(count >= demand ? 'green' : 'red', String(count));
}

function wholeAgain({ wholeAfterMs }: Count['reading']): string {
  if (wholeAfterMs === undefined) return styleText('yellow', 'not yet');
  return wholeAfterMs === 0 ? '-' : `after ${seconds(wholeAfterMs)}`;
}

function bar(now: number, { demand, full }: Measured): string {
  const promised = squares(now, demand);
  const beyond = squares(now - demand, Math.max(full, now) - demand);
  const style = now >= demand ? 'green' : 'red';
  return beyond === '' ? styleText(style, promised) : `${styleText(style, promised)} ${styleText('cyan', beyond)}`;
}

function squares(filled: number, all: number): string {
  const count = Math.min(Math.max(0, filled), all);
  return '■'.repeat(count) + '□'.repeat(Math.max(0, all - count));
}

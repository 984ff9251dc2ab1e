import { styleText } from 'node:util';
import { columns } from '../../operator/cli/columns.ts';
import type { Measured, Reading } from './gauge.ts';

/** What one event of the story did to the Kitchen's station and to the plain Deployment. */
export interface Chapter {
  readonly title: string;
  readonly kitchen: Reading;
  readonly plain: Reading;
}

/** Whether the station never really ran fewer pods than were promised. */
export function promiseHeld(chapters: readonly Chapter[], kitchen: Measured): boolean {
  return chapters.every((chapter) => chapter.kitchen.least >= kitchen.demand);
}

/** The closing table, and the verdict in a sentence. */
export function closingTable(chapters: readonly Chapter[], kitchen: Measured, plain: Measured): string {
  const rows = chapters.map((chapter) => [
    chapter.title,
    least(chapter.kitchen, kitchen),
    whole(chapter.kitchen),
    least(chapter.plain, plain),
    whole(chapter.plain),
  ]);
  const verdict = promiseHeld(chapters, kitchen)
    ? styleText('green', `✓ the Kitchen never ran fewer than the ${kitchen.demand} pods it promised`)
    : styleText('red', `✗ the Kitchen ran fewer than the ${kitchen.demand} pods it promised`);
  return [
    '',
    styleText(
      'bold',
      `Both promise ${kitchen.demand} pods; the Kitchen keeps ${kitchen.full}, so that any zone may go`,
    ),
    '',
    ...columns([['EVENT', 'KITCHEN: LEAST', 'WHOLE AFTER', 'PLAIN: LEAST', 'WHOLE AFTER'], ...rows]),
    '',
    verdict,
  ].join('\n');
}

function least(reading: Reading, { demand }: Measured): string {
  return styleText(reading.least >= demand ? 'green' : 'red', `${reading.least} of ${demand}`);
}

function whole({ wholeAfterMs, elapsedMs }: Reading): string {
  if (wholeAfterMs === undefined) return styleText('red', `still short after ${seconds(elapsedMs)}`);
  return wholeAfterMs === 0 ? 'at once' : seconds(wholeAfterMs);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}

import { styleText } from 'node:util';
import { columns } from '../../operator/cli/columns.ts';
import { seconds } from './counts.ts';
import type { Measured, Reading } from './gauge.ts';

/** A shorter time than this cannot be measured: one look takes as long. */
const AT_ONCE_MS = 100;

/** What one event of the story did to the Kitchen's station and to the plain Deployment. */
export interface Chapter {
  readonly title: string;
  readonly kitchen: Reading;
  readonly plain: Reading;
  /** Stations of the Kitchen, that one or another, that ran fewer pods than were promised: `oven ran 3 of 4`. */
  readonly broken: readonly string[];
}

/** Whether no station of the Kitchen ever really ran fewer pods than were promised. */
export function promiseHeld(chapters: readonly Chapter[]): boolean {
  return chapters.every(({ broken }) => broken.length === 0);
}

/** The closing table, and the verdict in a sentence. */
export function closingTable(chapters: readonly Chapter[], kitchen: Measured): string {
  const rows = chapters.map((chapter) => [
    chapter.title,
    least(chapter.kitchen, kitchen),
    whole(chapter.kitchen),
    least(chapter.plain, kitchen),
    whole(chapter.plain),
  ]);
  return [
    '',
    styleText(
      'bold',
      `Both promise ${kitchen.demand} pods; the Kitchen keeps ${kitchen.full}, so that any zone may go`,
    ),
    'The least that really ran, and when all ran again:',
    '',
    ...columns([['EVENT', 'KITCHEN', 'WHOLE AGAIN', 'PLAIN', 'WHOLE AGAIN'], ...rows]),
    '',
    ...verdict(chapters),
  ].join('\n');
}

function verdict(chapters: readonly Chapter[]): readonly string[] {
  if (promiseHeld(chapters))
    return [styleText('green', '✓ no station of the Kitchen ever ran fewer pods than it promised')];
  return chapters.flatMap(({ title, broken }) => broken.map((what) => styleText('red', `✗ ${title}: ${what}`)));
}

/** The line for one event, printed as soon as it is over. */
export function chapterLine({ kitchen, plain }: Chapter, { demand }: Measured): string {
  const when = (reading: Reading): string => `${reading.wholeAfterMs === undefined ? '' : 'whole '}${whole(reading)}`;
  return `  least: Kitchen ${kitchen.least}, ${when(kitchen)}; plain ${plain.least} of ${demand}, ${when(plain)}`;
}

function least(reading: Reading, { demand }: Measured): string {
  return reading.least >= demand ? styleText('green', `${reading.least} ✓`) : styleText('red', `${reading.least} ✗`);
}

function whole({ wholeAfterMs, elapsedMs }: Reading): string {
  if (wholeAfterMs === undefined) return styleText('red', `still short after ${seconds(elapsedMs)}`);
  return wholeAfterMs < AT_ONCE_MS ? 'at once' : `after ${seconds(wholeAfterMs)}`;
}

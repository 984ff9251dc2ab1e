import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { experiments } from './experiments.ts';
import type { Outcome, Part } from './play.ts';
import { seconds, thousands } from './words.ts';

const docs = join(import.meta.dirname, '../../docs');
const folder = join(docs, 'experiments');
const page = join(docs, 'experiments.md');
const [begin, end] = ['<!-- figures -->', '<!-- end of figures -->'];

/** Writes the figures under `docs/experiments`, and the table of all that are saved into `docs/experiments.md`. */
export async function save(outcome: Outcome): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${outcome.name}.json`), `${JSON.stringify(outcome)}\n`);
  const saved = await Promise.all(Object.keys(experiments).map(read));
  const text = await readFile(page, 'utf8');
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined)
    throw new Error(`${page} has no place for figures: ${begin} … ${end}`);
  await writeFile(page, `${before}${begin}\n\n${table(saved.flat())}\n\n${end}${after}`);
}

async function read(name: string): Promise<readonly Outcome[]> {
  const text = await readFile(join(folder, `${name}.json`), 'utf8').catch(() => undefined);
  return text === undefined ? [] : [JSON.parse(text) as Outcome];
}

/** The table, with one row for each experiment. */
export function table(outcomes: readonly Outcome[]): string {
  const heads = [
    'experiment',
    'Kitchen: least ran',
    'short',
    'failed',
    'plain: least ran',
    'short',
    'failed',
    'untouched',
  ];
  const rows = outcomes.map(({ name, kitchen, plain, control }) => [
    `\`${name}\``,
    ...cells(kitchen),
    ...cells(plain),
    String(control.failed),
  ]);
  return [heads, heads.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function cells({ demand, least, shortMs, steps, traffic }: Part): readonly string[] {
  const still = (steps.at(-1)?.pods ?? 0) < demand ? `still after ${seconds(shortMs)}` : seconds(shortMs);
  const failed = `${thousands(traffic.failed)} of ${thousands(traffic.sent)}`;
  return [`${least} of ${demand}`, shortMs === 0 ? '-' : still, failed];
}

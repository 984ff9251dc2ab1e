import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { versions } from '../../cluster/assets/sets.ts';
import { commit, docs } from '../repository.ts';
import { writeResult } from '../resultFile.ts';
import { sayer } from '../say.ts';
import { buildHere, buildOf, commitNamed } from './builds.ts';
import type { Build } from './builds.ts';
import { play, wordsOf } from './play.ts';
import { goOnWith, missing } from './record.ts';
import { scalePicture } from './picture.ts';
import type { Conditions, Row, ScaleResult } from './result.ts';
import { isForAgainst, runsOf, sizesOf } from './sizes.ts';
import { markdownTable, plainTable, scaleTables } from './table.ts';

/** Options from the command line. */
export interface ScaleOptions {
  readonly kitchens: readonly number[];
  readonly namespaces: readonly number[];
  readonly floor?: boolean;
  /** The older commit that is compared. */
  readonly against?: string;
  readonly runs: number;
  /** Seconds from a death within which all must be whole; by size when absent. */
  readonly limit?: number;
  readonly onlyZone?: boolean;
  readonly json?: string;
  readonly save?: boolean;
  readonly markdown?: boolean;
  /** Stations that the operator looks at side by side; its own default when absent. */
  readonly workers?: number;
  /** Where CPU profiles of the operator go. */
  readonly profile?: string;
}

/**
 * Measures one run after another and prints tables. It writes the file after each run, and goes on with one that an
 * earlier call left. A run that fails becomes a row as well.
 */
export async function scale(options: ScaleOptions, signal: AbortSignal): Promise<void> {
  const { json, against, floor = false, onlyZone = false, markdown = false } = options;
  const say = sayer();
  const sizes = sizesOf(options.kitchens, options.namespaces);
  const runs = runsOf({ sizes, runs: options.runs, floor, against: against !== undefined, onlyZone });
  await using left = new AsyncDisposableStack();
  const now = left.use(await buildHere());
  const wanted = await conditionsOf(options, now);
  const before = json === undefined ? undefined : await goOnWith(json, wanted);
  const conditions = { ...wanted, ...(before === undefined ? {} : { against: before.against }) };
  const rows: Row[] = [...(before?.rows ?? [])];
  const result = (): ScaleResult => ({ measured: new Date().toISOString().slice(0, 10), ...conditions, rows });
  const waiting = missing(runs, rows);
  if (waiting.length < runs.length) say(`${runs.length - waiting.length} of ${runs.length} runs are there already`);
  if (against !== undefined && !sizes.every(isForAgainst)) say(`without ${against} where it does not end`);
  const isOldNeeded = waiting.some(({ who }) => who === 'against');
  const old = isOldNeeded ? left.use(await buildOf(conditions.against ?? '', say)) : undefined;
  for (const [index, run] of waiting.entries()) {
    const build = run.who === 'against' ? (old ?? now) : now;
    const tell = (line: string): void => say(`${index + 1}/${waiting.length}  ${wordsOf(run)}: ${line}`);
    rows.push(await play(run, { build, options, signal, say: tell }));
    await save(result(), options);
  }
  if (waiting.length === 0) await save(result(), options);
  const tables = scaleTables(result());
  console.log(tables.map(markdown ? markdownTable : plainTable).join('\n\n'));
}

async function conditionsOf({ against, workers, profile, limit }: ScaleOptions, now: Build): Promise<Conditions> {
  return {
    commit: commit(),
    bundle: now.hash,
    against: against === undefined ? null : await commitNamed(against),
    kubernetes: versions.kubernetes,
    cores: availableParallelism(),
    workers: workers ?? null,
    profiled: profile !== undefined,
    limitS: limit ?? null,
  };
}

async function save(result: ScaleResult, { json, save: isSaved }: ScaleOptions): Promise<void> {
  if (json !== undefined) await writeResult(json, result);
  if (isSaved !== true) return;
  await writeResult(join(docs, 'scale.json'), result);
  await writeFile(join(docs, 'scale.svg'), scalePicture(result));
}

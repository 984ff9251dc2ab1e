import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { versions } from '../../cluster/assets/sets.ts';
import { envoyBinary } from '../../envoy/binary.ts';
import { commit, docs } from '../repository.ts';
import { writeResult } from '../resultFile.ts';
import { sayer } from '../say.ts';
import { ableHere, runsOf } from './able.ts';
import type { Wanted } from './able.ts';
import { faults } from './faults.ts';
import { trafficPicture } from './picture.ts';
import { goOnWith, missing } from './record.ts';
import type { Conditions, Row, Run, TrafficResult } from './result.ts';
import { playApart } from './runs.ts';
import { markdownTable, plainTable, sumOf, trafficTables } from './table.ts';
import { rowsOf } from './tally.ts';
import { ways } from './ways/names.ts';

/** Options from the command line. */
export interface TrafficOptions extends Wanted {
  /** Requests a second. */
  readonly rate: number;
  /** How long they are sent, in each run. */
  readonly seconds: number;
  /** How long a pod takes to answer. */
  readonly answerMs: number;
  readonly json?: string;
  readonly markdown?: boolean;
  readonly save?: boolean;
}

const CLIENT_TIMEOUT_MS = 3_000;

/**
 * Measures one run after another and prints tables. It writes the file after each run, and goes on with one that an
 * earlier call left. Throws when a run cannot be played; what was measured before is in the file.
 */
export async function traffic(options: TrafficOptions, signal: AbortSignal): Promise<void> {
  const { json, markdown = false, rate, seconds, answerMs } = options;
  const say = sayer();
  const able = await ableHere();
  const { runs, leftOut } = runsOf(options, able);
  for (const words of leftOut) say(`left out: ${words}`);
  const conditions: Conditions = {
    commit: commit(),
    envoy: versions.envoy,
    cores: availableParallelism(),
    rate,
    seconds,
    answerMs,
  };
  const rows: Row[] = json === undefined ? [] : [...(await goOnWith(json, conditions))];
  const waiting = missing(runs, rows);
  if (waiting.length < runs.length) say(`${runs.length - waiting.length} of ${runs.length} runs are there already`);
  // A run in a network of its own could not fetch it.
  if (able.programs.has('Envoy')) await envoyBinary(say);
  const result = (): TrafficResult => ({ measured: new Date().toISOString().slice(0, 10), ...conditions, rows });
  for (const [index, run] of waiting.entries()) {
    const order = { ...run, rate, seconds, answerMs, timeoutMs: CLIENT_TIMEOUT_MS };
    const own = rowsOf(run, await playApart(order, { isApart: able.apart, signal }));
    rows.push(...own);
    say(`${index + 1}/${waiting.length}  ${wordsOf(run)}: ${failedOf(own)}`);
    await save(result(), options);
  }
  if (waiting.length === 0) await save(result(), options);
  console.log(
    trafficTables(rows)
      .map(markdown ? markdownTable : plainTable)
      .join('\n\n'),
  );
}

/** `node killed, stock Envoy, run 2`. */
function wordsOf({ fault, who, run }: Run): string {
  return `${faults[fault].words}, ${ways[who]}, run ${run}`;
}

function failedOf(rows: readonly Row[]): string {
  const { sent, failed } = sumOf(rows);
  return `${failed} of ${sent} failed`;
}

async function save(result: TrafficResult, { json, save: isSaved }: TrafficOptions): Promise<void> {
  if (json !== undefined) await writeResult(json, result);
  if (isSaved !== true) return;
  await writeResult(join(docs, 'traffic.json'), result);
  await writeFile(join(docs, 'traffic.svg'), trafficPicture(result));
}

import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { versions } from '../../cluster/assets/sets.ts';
import { envoyBinary, hasEnvoy } from '../../envoy/binary.ts';
import { commit, docs } from '../repository.ts';
import { differingIn, readResult, refuseDiffering, writeResult } from '../resultFile.ts';
import { sayer } from '../say.ts';
import { markdownTable, plainTable } from '../traffic/table.ts';
import { caseNames, cases } from './cases.ts';
import type { CaseName } from './cases.ts';
import { choosingPicture } from './picture.ts';
import { playChoosing } from './play.ts';
import { policies, policyNames } from './policies.ts';
import type { PolicyName } from './policies.ts';
import type { ChoosingConditions, ChoosingResult, ChoosingRow, ChoosingRun } from './result.ts';
import { choosingTables } from './table.ts';
import { rowOf } from './tally.ts';

/** Options from the command line. */
export interface ChoosingOptions {
  /** All when absent. */
  readonly cases?: readonly CaseName[];
  readonly who?: readonly PolicyName[];
  /** Hubs in each zone. */
  readonly hubs: readonly number[];
  readonly why?: boolean;
  readonly json?: string;
  readonly markdown?: boolean;
  readonly save?: boolean;
}

/**
 * Plays one run after another and prints tables. It writes the file after each run, and goes on with one that an earlier call
 * left. Throws where there is no Envoy, and when a run cannot be played; what was measured before is in the file.
 */
export async function choosing(options: ChoosingOptions, signal: AbortSignal): Promise<void> {
  if (!hasEnvoy) throw new Error('there is no Envoy for this machine: it needs x86-64 and glibc');
  const say = sayer();
  await envoyBinary(say);
  const conditions: ChoosingConditions = { commit: commit(), envoy: versions.envoy, cores: availableParallelism() };
  const before = options.json === undefined ? undefined : await readResult<ChoosingResult>(options.json);
  if (before !== undefined && options.json !== undefined)
    refuseDiffering(options.json, [...differingIn<ChoosingConditions>(before, conditions).values()]);
  const rows: ChoosingRow[] = [...(before?.rows ?? [])];
  const result = (): ChoosingResult => ({ measured: new Date().toISOString().slice(0, 10), ...conditions, rows });
  const there = new Set(rows.map(nameOf));
  const waiting = runsOf(options).filter((run) => !there.has(nameOf(run)));
  for (const [index, run] of waiting.entries()) {
    const served = await playChoosing(run, { signal, onWhy: options.why === true ? say : undefined });
    const row = rowOf(run, served, cases[run.case].countFromS);
    rows.push(row);
    say(`${index + 1}/${waiting.length}  ${wordsOf(row)}`);
    await save(result(), options);
  }
  if (waiting.length === 0) await save(result(), options);
  console.log(
    choosingTables(rows)
      .map(options.markdown === true ? markdownTable : plainTable)
      .join('\n\n'),
  );
}

/** Who is compared goes inside, so that one case is measured under all policies at about one time. */
function runsOf({ cases: wanted = caseNames, who = policyNames, hubs }: ChoosingOptions): readonly ChoosingRun[] {
  return hubs.flatMap((many) =>
    wanted.flatMap((name) => who.map((policy) => ({ case: name, who: policy, hubs: many }))),
  );
}

function nameOf(run: ChoosingRun): string {
  return [run.case, run.who, run.hubs].join(' ');
}

/** `calm, hub, 1 a zone: p99 120 ms, 4 % to other zones, 0 of 9000 failed`. */
function wordsOf({ case: name, who, hubs, p99Ms, crossPercent, failed, sent }: ChoosingRow): string {
  const cross = `${crossPercent} % to other zones`;
  return `${name}, ${policies[who].words}, ${hubs} a zone: p99 ${p99Ms ?? '-'} ms, ${cross}, ${failed} of ${sent} failed`;
}

async function save(result: ChoosingResult, { json, save: isSaved }: ChoosingOptions): Promise<void> {
  if (json !== undefined) await writeResult(json, result);
  if (isSaved !== true) return;
  await writeResult(join(docs, 'choosing.json'), result);
  await writeFile(join(docs, 'choosing.svg'), choosingPicture(result));
}

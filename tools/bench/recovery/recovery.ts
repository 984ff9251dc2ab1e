import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { versions } from '../../cluster/assets/sets.ts';
import { defaultTimings } from '../../cluster/timings.ts';
import type { Timings } from '../../cluster/timings.ts';
import { commit, docs } from '../repository.ts';
import { openStage } from './stage.ts';
import { measure } from './measure.ts';
import { recoveryPicture } from './picture.ts';
import type { RecoveryResult, ScenarioResult } from './result.ts';
import { runs, scenarioOrder } from './scenarios.ts';
import type { Run } from './scenarios.ts';
import { DEMAND, fairness } from './subjects.ts';
import { recoveryTable } from './table.ts';

/** Options from the command line. */
export interface RecoveryOptions {
  readonly only?: readonly string[];
  readonly sideBySide: number;
  readonly grace: number;
  readonly toleration: number;
  readonly limit: number;
  readonly json?: string;
  readonly save?: boolean;
}

/** Plays all scenarios, several clusters side by side. Prints a table, and writes the files that the options name. */
export async function recovery(options: RecoveryOptions, signal: AbortSignal): Promise<void> {
  const began = performance.now();
  const wanted = runs.filter(({ name }) => options.only === undefined || options.only.includes(name));
  if (wanted.length === 0)
    throw new Error(
      `nothing is called ${options.only?.join(', ')}; there are ${runs.map(({ name }) => name).join(', ')}`,
    );
  const timings: Timings = {
    ...defaultTimings,
    graceSeconds: options.grace,
    tolerationSeconds: options.toleration,
  };
  const say = (run: string) => (line: string) => {
    const seconds = Math.floor((performance.now() - began) / 1000);
    const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
    console.error(`${clock.padStart(6)}  ${run.padEnd(16)} ${line}`);
  };
  const ended = new AbortController();
  const all: ScenarioResult[] = [];
  const waiting = [...wanted];
  const play = async (): Promise<void> => {
    for (let run = waiting.shift(); run !== undefined; run = waiting.shift()) {
      const stop = AbortSignal.any([signal, ended.signal]);
      all.push(...(await played(run, { timings, limitMs: options.limit * 1000, signal: stop, say: say(run.name) })));
    }
  };
  // When one fails, the others are ended first and the error is thrown last, so that nothing is left behind.
  const hands = Array.from({ length: options.sideBySide }, () =>
    play().catch((error: unknown) => {
      ended.abort();
      throw error;
    }),
  );
  const failure = (await Promise.allSettled(hands)).find((hand) => hand.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
  const result = resultOf(all, timings, options);
  console.log([...fairness, '', recoveryTable(result)].join('\n'));
  const files = [
    ...(options.json === undefined ? [] : [options.json]),
    ...(options.save === true ? [join(docs, 'recovery.json')] : []),
  ];
  for (const file of files) await writeFile(file, jsonOf(result));
  if (options.save === true) await writeFile(join(docs, 'recovery.svg'), recoveryPicture(result));
}

async function played(
  run: Run,
  {
    timings,
    limitMs,
    signal,
    say,
  }: {
    readonly timings: Timings;
    readonly limitMs: number;
    readonly signal: AbortSignal;
    readonly say: (line: string) => void;
  },
): Promise<readonly ScenarioResult[]> {
  say('starting a cluster');
  await using stage = await openStage({ timings, operatorFlags: run.operatorFlags, signal, say });
  const results: ScenarioResult[] = [];
  for (const scenario of run.scenarios) {
    say(scenario.title);
    const result = await measure(stage, scenario, { limitMs, say });
    say(`over after ${result.seconds} s: ${result.note}`);
    results.push(result);
  }
  return results;
}

function resultOf(all: readonly ScenarioResult[], timings: Timings, options: RecoveryOptions): RecoveryResult {
  const place = ({ name }: ScenarioResult): number => scenarioOrder.indexOf(name);
  return {
    measured: new Date().toISOString().slice(0, 10),
    commit: commit(),
    kubernetes: versions.kubernetes,
    cores: availableParallelism(),
    sideBySide: options.sideBySide,
    podStartSeconds: timings.podStartMs / 1000,
    graceSeconds: timings.graceSeconds,
    tolerationSeconds: timings.tolerationSeconds,
    limitSeconds: options.limit,
    demand: DEMAND,
    scenarios: all.toSorted((a, b) => place(a) - place(b)),
  };
}

/** JSON with one line for each subject, so that a diff of the file shows what changed. */
function jsonOf(result: RecoveryResult): string {
  const inShort = (value: unknown): string => JSON.stringify(value);
  const { scenarios, ...head } = result;
  const each = scenarios.map(({ subjects, ...scenario }) => {
    const lines = subjects.map((subject) => `    ${inShort(subject)}`).join(',\n');
    return `  ${inShort(scenario).slice(0, -1)}, "subjects": [\n${lines}\n  ]}`;
  });
  return `${inShort(head).slice(0, -1)}, "scenarios": [\n${each.join(',\n')}\n]}\n`;
}

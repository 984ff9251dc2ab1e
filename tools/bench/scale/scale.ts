import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { versions } from '../../cluster/assets/sets.ts';
import { commit, docs } from '../repository.ts';
import { scalePicture } from './picture.ts';
import type { ScaleResult, SizeResult } from './result.ts';
import { measureSize } from './size.ts';
import { scaleTable } from './table.ts';

/** Options from the command line. */
export interface ScaleOptions {
  readonly kitchens: readonly number[];
  readonly json?: string;
  readonly save?: boolean;
  /** Stations that the operator looks at side by side; its own default when absent. */
  readonly workers?: number;
  /** Where a CPU profile of the operator goes. */
  readonly profile?: string;
}

/**
 * Measures one size after another and prints a table. It writes the files after each size, since the next may take
 * long.
 */
export async function scale(options: ScaleOptions, signal: AbortSignal): Promise<void> {
  const { kitchens, json, save, profile, workers } = options;
  const began = performance.now();
  const nodeFlags = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  // Without suspicion, so that the measured time begins when Kubernetes calls the first node lost.
  const flags = ['--suspect-after', '0', ...(workers === undefined ? [] : ['--workers', String(workers)])];
  const sizes: SizeResult[] = [];
  for (const size of kitchens) {
    const say = (line: string): void => {
      const seconds = Math.floor((performance.now() - began) / 1000);
      console.error(`${String(seconds).padStart(5)} s  ${size} Kitchens: ${line}`);
    };
    sizes.push(await measureSize({ kitchens: size, operator: { flags, nodeFlags }, signal, say }));
    const result = resultOf(sizes);
    console.log(`\n${scaleTable(result)}\n`);
    const files = [...(json === undefined ? [] : [json]), ...(save === true ? [join(docs, 'scale.json')] : [])];
    for (const file of files) await writeFile(file, `${JSON.stringify(result, undefined, 1)}\n`);
    if (save === true) await writeFile(join(docs, 'scale.svg'), scalePicture(result));
  }
}

function resultOf(sizes: readonly SizeResult[]): ScaleResult {
  return {
    measured: new Date().toISOString().slice(0, 10),
    commit: commit(),
    kubernetes: versions.kubernetes,
    cores: availableParallelism(),
    sizes,
  };
}

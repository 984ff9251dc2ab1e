import { resolve } from 'node:path';
import type { Build } from './builds.ts';
import { calm } from './calm.ts';
import type { Row, Run } from './result.ts';
import { setScene } from './scene.ts';
import type { Scene } from './scene.ts';
import { zoneKill } from './zoneKill.ts';

/** What a run is played with. */
export interface PlayOptions {
  readonly build: Build;
  readonly options: { readonly limit?: number; readonly workers?: number; readonly profile?: string };
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** Plays a run in a new cluster. A failure becomes a row that tells it. Throws only when the signal is aborted. */
export async function play(run: Run, { build, options, signal, say }: PlayOptions): Promise<Row> {
  const { workers, profile, limit = usualLimitS(run) } = options;
  // Without suspicion all three begin when Kubernetes calls the first node lost.
  const flags = [
    ...(run.who === 'suspecting' ? [] : build.unsuspecting),
    ...(workers === undefined ? [] : ['--workers', String(workers)]),
  ];
  // The operator runs in another folder.
  const into = profile === undefined ? '' : resolve(profile, wordsOf(run).replaceAll(', ', '-').replaceAll(' ', '-'));
  const nodeFlags = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${into}`];
  try {
    const operator = { flags, nodeFlags, program: build };
    await using scene = await setScene({ size: run, operator, limitMs: limit * 1000, signal, say });
    return await figuresOf(run, scene);
  } catch (error) {
    if (signal.aborted) throw error;
    const failed = error instanceof Error ? error.message : String(error);
    say(`failed: ${failed}`);
    return { ...run, wholeS: null, failed };
  }
}

async function figuresOf(run: Run, scene: Scene): Promise<Row> {
  return run.kind === 'zone'
    ? { ...run, kind: run.kind, ...(await zoneKill(scene, run.who)) }
    : { ...run, kind: run.kind, ...(await calm(scene)) };
}

/** `100 Kitchens, 30 namespaces, floor, run 2`. */
export function wordsOf({ kind, kitchens, namespaces, who, run }: Run): string {
  const where = namespaces === 1 ? '' : `, ${namespaces} namespaces`;
  return `${kitchens} Kitchens${where}, ${who}${kind === 'calm' ? ', calm' : ''}, run ${run}`;
}

/** Seconds within which all must be whole. It leaves twice the time that a busy machine took at 100 and 300 Kitchens. */
function usualLimitS({ kitchens }: Run): number {
  return 120 + kitchens;
}

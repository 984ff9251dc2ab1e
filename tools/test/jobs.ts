import { globSync } from 'node:fs';

/**
 * What a job needs of the machine. `cpu`: one processor all the time. `waits`: a control plane of its own, which mostly waits.
 * `timed`: as `waits`, but with operators that are compared with each other, so it gets fewer neighbours.
 */
export type Load = 'cpu' | 'waits' | 'timed';

/** Test files that one process of mocha runs. */
export interface Job {
  readonly title: string;
  readonly files: readonly string[];
  readonly load: Load;
  /** Counts towards the coverage of the planner. */
  readonly isCovered: boolean;
}

const alone = ['integration', 'faults', 'e2e', 'property', 'mutants', 'chart'] as const;
type Folder = (typeof alone)[number];

/** All that needs no kind cluster. */
export function allJobs(): readonly Job[] {
  const folders = alone.map((folder) => `test/${folder}/**`);
  const units = globSync('test/**/*.test.ts', { exclude: folders }).toSorted();
  return [
    ...eachOf('mutants', { load: 'cpu', isCovered: false }),
    ...eachOf('property', { load: 'cpu', isCovered: true }),
    ...eachOf('chart', { load: 'cpu', isCovered: false }),
    { title: 'units', files: units, load: 'cpu', isCovered: true },
    ...eachOf('faults', { load: 'timed', isCovered: false }),
    ...eachOf('integration', { load: 'waits', isCovered: false }),
  ];
}

/** What runs on kind; skips where there is no Docker. */
export function kindJobs(): readonly Job[] {
  return eachOf('e2e', { load: 'timed', isCovered: false });
}

/** A job for each file. */
function eachOf(folder: Folder, traits: Pick<Job, 'load' | 'isCovered'>): readonly Job[] {
  const files = globSync(`test/${folder}/**/*.test.ts`).toSorted();
  return files.map((file) => ({
    title: file.slice('test/'.length).replace('.test.ts', ''),
    files: [file],
    ...traits,
  }));
}

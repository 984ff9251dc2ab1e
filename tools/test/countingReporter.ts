import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

export interface Failure {
  readonly title: string;
  /** The error with its stack. */
  readonly why: string;
}

export interface Counts {
  readonly passed: number;
  readonly failures: readonly Failure[];
}

interface Options extends Mocha.MochaOptions {
  readonly reporterOptions?: { readonly counts?: string };
}

/** Mocha's spec reporter, which also leaves its counts in the file named by the option `counts`. */
export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Options) {
    super(runner, options);
    const file = options.reporterOptions?.counts;
    if (file === undefined) return;
    const failures: Failure[] = [];
    runner.on('fail', (test, error) => failures.push({ title: test.fullTitle(), why: error.stack ?? error.message }));
    runner.once('end', () => {
      const counts: Counts = { passed: this.stats?.passes ?? 0, failures };
      writeFileSync(file, JSON.stringify(counts));
    });
  }
}

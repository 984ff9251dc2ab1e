import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

interface Options extends Mocha.MochaOptions {
  readonly reporterOptions?: { readonly counts?: string };
}

/** Mocha's spec reporter, which also leaves its counts in the file named by the option `counts`. */
export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Options) {
    super(runner, options);
    const file = options.reporterOptions?.counts;
    if (file === undefined) return;
    runner.once('end', () =>
      writeFileSync(file, JSON.stringify({ passed: this.stats.passes, failed: this.stats.failures })),
    );
  }
}

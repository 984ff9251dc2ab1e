import { messageOf } from './kube/errors.ts';
import { StartError } from './run/preflight.ts';
import { createLog } from './report/log.ts';
import { readSettings } from './run/settings.ts';
import { startOperator } from './run/start.ts';
import type { RunningOperator } from './run/start.ts';

/** Kubernetes kills the process after its grace period; a person at a terminal should not wait longer than this. */
const hardStopMs = 5_000;

const settings = readSettings(process.argv.slice(2), process.stdout);
const log = createLog({ level: settings.logLevel, format: settings.logFormat, colours: process.stdout.isTTY });
let operator: RunningOperator | undefined;

// Before anything else: the first process of a container ignores signals that it has no handler for.
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    if (operator === undefined) process.exit(0);
    setTimeout(() => {
      log.error(`did not stop within ${hardStopMs / 1000} s of ${signal}`);
      process.exit(1);
    }, hardStopMs).unref();
    operator.stop().catch(() => undefined);
  });
}

try {
  operator = await startOperator({ settings, log });
  await operator.ended;
} catch (error) {
  const isOurFault = !(error instanceof StartError) && error instanceof Error;
  log.error(isOurFault ? (error.stack ?? error.message) : messageOf(error));
  process.exitCode = 1;
}

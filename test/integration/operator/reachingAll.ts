import { createLog } from '../../../operator/report/log.ts';
import { readSettings } from '../../../operator/run/settings.ts';
import { startOperator } from '../../../operator/run/start.ts';

/**
 * An operator that takes every hub for one that listens, and to which its node's clients are led: in a local cluster, the
 * addresses of pods lead nowhere.
 */
const settings = readSettings(process.argv.slice(2), process.stdout);
const log = createLog({ level: settings.logLevel, format: settings.logFormat, colours: false });
const operator = await startOperator({
  settings,
  log,
  knock: () => Promise.resolve(),
  askLocal: async ({ node }) => node,
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void operator.stop());
await operator.ended;

import { join } from 'node:path';
import { ensureAssets } from '../cluster/assets/cache.ts';
import type { Say } from '../cluster/assets/progress.ts';
import { envoy } from '../cluster/assets/sets.ts';

/** Whether Envoy can be had for this machine: it is released for Linux alone. */
export const hasEnvoy = process.platform === 'linux' && (process.arch === 'x64' || process.arch === 'arm64');

/** The path of Envoy's binary, which is fetched the first time. */
export async function envoyBinary(say: Say): Promise<string> {
  return join(await ensureAssets(envoy, { say }), 'envoy');
}

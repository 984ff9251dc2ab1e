import type { Context } from 'mocha';
import { issueFor } from '../../../operator/xds/certificates.ts';
import type { Issued } from '../../../operator/xds/certificates.ts';
import { hasEnvoy } from '../../../tools/envoy/binary.ts';
import { startEnvoy } from '../../../tools/envoy/start.ts';
import type { RunningEnvoy } from '../../../tools/envoy/start.ts';
import { eventually } from '../../kube/eventually.ts';
import { operatorName, TOKEN } from './serving.ts';

/** Before the first test: skips where there is no Envoy, and gives its download time. Resolves to the operator's keys. */
export async function operatorKeys(context: Context): Promise<Issued> {
  if (!hasEnvoy) context.skip();
  context.timeout(300_000);
  return issueFor(operatorName, Date.now());
}

/** Starts an Envoy that asks the operator at this port, and believes this authority. */
export function startHub(port: number, { authority }: Issued, token = TOKEN): Promise<RunningEnvoy> {
  return startEnvoy({ operator: { port, name: operatorName }, token, authority });
}

/** Starts an Envoy as `startHub` does; resolves when it is ready. */
export async function readyHub(port: number, issued: Issued): Promise<RunningEnvoy> {
  const envoy = await startHub(port, issued);
  await eventually(async () => (await statusOf(envoy.probeUrl)) === 200);
  return envoy;
}

/** The status of an answer; 0: there is none within 2 s. */
export async function statusOf(url: string, method = 'GET'): Promise<number> {
  return fetch(url, { method, signal: AbortSignal.timeout(2_000) }).then(
    ({ status }) => status,
    () => 0,
  );
}

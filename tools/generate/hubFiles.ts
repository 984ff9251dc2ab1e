import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SERVER_NAME } from '../../operator/hub/leaderWork.ts';
import { bootstrap, secretFiles } from '../envoy/bootstrap.ts';
import { chart } from './helm.ts';

/** Where a hub's pod has its token and what it believes. The chart mounts them there. */
const SECRETS = '/var/run/kitchen';

/**
 * Writes what the chart's hubs start with. Kubernetes fills in the address of the operator's Service, so that no name
 * has to be resolved; the chart fills in the ports of each Envoy.
 */
export async function writeHubFiles(): Promise<void> {
  const files = join(chart, 'files');
  await mkdir(files, { recursive: true });
  const config = bootstrap({
    operator: { host: '$(KITCHEN_HUB_SERVICE_HOST)', port: '$(KITCHEN_HUB_SERVICE_PORT)', name: SERVER_NAME },
    secrets: SECRETS,
    probe: { host: '0.0.0.0', port: '@PROBE_PORT@' },
    metrics: { host: '0.0.0.0', port: '@METRICS_PORT@' },
    adminPort: '@ADMIN_PORT@',
    local: {
      host: '0.0.0.0',
      port: 19_003,
      service: { host: '$(KITCHEN_HUB_LOCAL_SERVICE_HOST)', port: '$(KITCHEN_HUB_LOCAL_SERVICE_PORT)' },
    },
  });
  await writeFile(join(files, 'hub.json'), `${JSON.stringify(config)}\n`);
  for (const [name, text] of Object.entries(secretFiles(SECRETS))) await writeFile(join(files, name), text);
}

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { READY_ROUTES, readyRoutes } from '../../../operator/envoy/ready.ts';
import { issueFor } from '../../../operator/xds/certificates.ts';
import { envoyBinary, hasEnvoy } from '../../../tools/envoy/binary.ts';
import { bootstrap, secretFiles } from '../../../tools/envoy/bootstrap.ts';
import { goldens } from '../../envoy/goldens.ts';

describe('what hubs get, before the real Envoy', function () {
  this.timeout(300_000);
  let binary: string;
  let secrets: string;

  before(async function () {
    if (!hasEnvoy) this.skip();
    binary = await envoyBinary((line) => console.error(line));
    secrets = await mkdtemp(join(tmpdir(), 'kitchen-hub-'));
    const { authority } = await issueFor('hub.kitchen.dev', Date.now());
    const files = { token: 'a-token', 'ca.crt': authority, ...secretFiles(secrets) };
    for (const [name, text] of Object.entries(files)) await writeFile(join(secrets, name), text);
  });

  after(async () => {
    if (secrets !== undefined) await rm(secrets, { recursive: true });
  });

  const validate = (config: object): { readonly status: number | null; readonly said: string } => {
    const { status, stderr } = spawnSync(binary, ['--mode', 'validate', '--config-yaml', JSON.stringify(config)], {
      encoding: 'utf8',
    });
    return { status, said: stderr.slice(-2_000) };
  };
  const start = (): ReturnType<typeof bootstrap> & { staticResources: Record<'clusters' | 'listeners', object[]> } =>
    bootstrap({
      operator: { host: '127.0.0.1', port: 18_000, name: 'hub.kitchen.dev' },
      secrets,
      probe: { host: '127.0.0.1', port: 19_001 },
      metrics: { host: '127.0.0.1', port: 19_101 },
      adminPort: 19_901,
      local: { host: '127.0.0.1', port: 19_003, service: { host: '127.0.0.1', port: 19_003 } },
    }) as never;

  for (const { name, resources } of goldens()) {
    it(`is valid: ${name}`, () => {
      const config = start();
      config.staticResources.clusters.push(...resources.Cluster);
      config.staticResources.listeners.push(...resources.Listener);
      const { status, said } = validate({ node: { id: 'hub', cluster: 'hub' }, ...config });
      assert.equal(status, 0, said);
    });

    it(`has valid routes: ${name}`, () => {
      for (const routes of resources.RouteConfiguration) {
        const { status, said } = validate(withRoutes(routes));
        assert.equal(status, 0, said);
      }
    });
  }

  it('has valid routes by which it is ready', () => {
    const { status, said } = validate(withRoutes(readyRoutes));
    assert.equal(status, 0, `${READY_ROUTES}: ${said}`);
  });

  it('would be refused if it were not valid', () => {
    const config = start();
    config.staticResources.clusters.push({ name: 'bad', type: 'EDS' });
    assert.notEqual(validate({ node: { id: 'hub', cluster: 'hub' }, ...config }).status, 0);
  });
});

/** A listener with these routes in it, as `--mode validate` asks no server for them. */
function withRoutes(routeConfig: object): object {
  const http = 'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';
  const router = { '@type': 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router' };
  const typedConfig = {
    '@type': http,
    statPrefix: 'x',
    routeConfig,
    httpFilters: [{ name: 'router', typedConfig: router }],
  };
  return {
    staticResources: {
      listeners: [
        {
          name: 'x',
          address: { socketAddress: { address: '127.0.0.1', portValue: 20_000 } },
          filterChains: [{ filters: [{ name: 'http', typedConfig }] }],
        },
      ],
    },
  };
}

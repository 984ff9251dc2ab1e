import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Kitchen } from '../../../operator/api/kitchen.ts';
import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';
import { kitchens, stations } from '../../../operator/api/resources.ts';
import type { Station } from '../../../operator/api/station.ts';
import { hasEnvoy } from '../../../tools/envoy/binary.ts';
import type { RunningEnvoy } from '../../../tools/envoy/start.ts';
import { repository } from '../../../tools/generate/helm.ts';
import { addHub, envoyWith, hubToken, startHubOperator } from './hubPods.ts';
import { aKitchen, aStation } from './kitchens.ts';
import { deploymentsOf, holds } from './said.ts';
import { openStage } from './stage.ts';
import type { Stage } from './stage.ts';

const run = promisify(execFile);
const name = 'pizzeria-grill';
const grill = aStation({
  name: 'grill',
  replicas: 6,
  ports: [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }],
});

describe('a shift', function () {
  this.timeout(900_000);
  let stage: Stage;
  let told: readonly (readonly [string, number])[];
  const left = new AsyncDisposableStack();
  const envoys: RunningEnvoy[] = [];

  before(async () => {
    stage = left.use(await openStage({ nodes: 2, values: ['hub.enabled=true'] }));
    await startHubOperator(stage);
    await stage.apply(aKitchen('pizzeria', { survive: { pods: 1 }, hub: {}, stations: [grill] }));
    for (const node of ['zone-a-1', 'zone-b-1']) await addHub(stage, node);
    await stage.until('the station is behind hubs', async () =>
      holds(await station(), 'BehindHub', { status: 'True' }),
    );
    await stage.settled('pizzeria');
    told = await deploymentsOf(stage, name);
    await startEnvoys();
  });
  after(() => left.disposeAsync());

  const station = (): Promise<Station & KubeObject> => stage.get<Station & KubeObject>(stations, name);
  const kitchen = (): Promise<Kitchen & KubeObject> => stage.get<Kitchen & KubeObject>(kitchens, 'pizzeria');
  const toldIn = async (zone: string): Promise<number> =>
    (await deploymentsOf(stage, name)).find(([each]) => each === `${name}-${zone}`)?.[1] ?? 0;
  const runningOutside = (zone: string): number =>
    stage.census.running(name).filter(({ node }) => !node.startsWith(zone)).length;
  const shift = async (...args: readonly string[]): Promise<string> => {
    const program = join(repository, 'operator/cli/main.ts');
    const flags = ['--kubeconfig', stage.cluster.kubeconfig, '--namespace', 'default'];
    return (await run(process.execPath, [program, ...flags, 'shift', ...args])).stdout;
  };
  /** One in a zone that stays, and one in the zone that is left. */
  const startEnvoys = async (): Promise<void> => {
    if (!hasEnvoy) return;
    for (const node of ['zone-a-1', 'zone-b-1']) {
      envoys.push(left.use(await envoyWith(stage, await hubToken(stage, node))));
    }
  };
  /** The zones of the pods that each of the newest Envoys may send to, one for each pod. */
  const sentTo = async (): Promise<readonly (readonly string[])[]> =>
    Promise.all(
      envoys.slice(-2).map(async ({ adminUrl }) => {
        const clusters = await (await fetch(`${adminUrl}/clusters`)).text();
        return [...clusters.matchAll(/:8080::zone::(\S+)/g)].map(([, zone = '']) => zone);
      }),
    );

  it('of a zone that no station is in is refused with the zones that there are', async () => {
    await assert.rejects(
      shift('zone-x', '--for', '1h'),
      /no station here is in zone-x: their zones are zone-a, zone-b, zone-c/,
    );
  });

  it('has capacity made elsewhere first, and then no hub sends anything there', async () => {
    assert.match(
      await shift('zone-b', '--for', '2m', '--reason', 'slow disks'),
      /pizzeria .*: requests leave zone-b until/,
    );
    await stage.until('requests leave the zone', async () => {
      const { status } = await station();
      assert.deepEqual(status?.shifted, ['zone-b']);
      assert.ok(runningOutside('zone-b') >= 6, `${runningOutside('zone-b')} run elsewhere`);
    });
    await stage.until('hubs have heard of it', async () => {
      for (const zones of await sentTo()) {
        assert.ok(zones.length >= 6 && !zones.includes('zone-b'), zones.join());
      }
    });
  });

  it('leaves the zone’s pods as they are, and counts the zone as spent', async () => {
    await stage.until('the others have what they are to have', async () => {
      const { status } = await station();
      assert.match(holds({ status }, 'Shifted', { status: 'True', reason: 'Left' }), /zone-b \(slow disks\), until/);
      assert.match(
        holds(await kitchen(), 'Shifted', { status: 'True', reason: 'Left' }),
        /^grill: new requests have left/,
      );
      assert.equal(status?.survives, '0 more zones, zone-b is shifted');
      assert.deepEqual((await toldIn('zone-a')) + (await toldIn('zone-c')), 7);
      assert.deepEqual(
        (await deploymentsOf(stage, name)).filter(([each]) => each.endsWith('zone-b')),
        told.filter(([each]) => each.endsWith('zone-b')),
      );
    });
  });

  it('goes on when the operator is killed and another begins', async () => {
    await stage.operators.at(-1)?.stop('SIGKILL');
    await startHubOperator(stage, 'successor');
    await stage.until('the new one serves hubs', async () => {
      const lines = (await stage.operators.at(-1)?.log()) ?? [];
      assert.ok(lines.some(({ msg }) => msg.startsWith('serving hubs at')));
    });
    await startEnvoys();
    await stage.until('it tells them the same', async () => {
      for (const zones of await sentTo()) assert.ok(zones.length >= 6 && !zones.includes('zone-b'), zones.join());
    });
    assert.deepEqual((await station()).status?.shifted, ['zone-b']);
  });

  it('ends by itself, without a write: requests come back, and what was made elsewhere stays until then', async () => {
    const { metadata } = await kitchen();
    await stage.until('requests come back', async () => {
      const { status } = await station();
      assert.equal(status?.shifted, undefined);
      holds({ status }, 'Shifted', { status: 'False', reason: 'Over' });
      for (const zones of await sentTo()) assert.ok(zones.includes('zone-b'), zones.join());
      assert.ok((await toldIn('zone-a')) + (await toldIn('zone-c')) === 7);
    });
    assert.equal((await kitchen()).metadata.generation, metadata.generation);
  });

  it('leaves all as if it had never been', async () => {
    await stage.until('the surplus goes', async () => assert.deepEqual(await deploymentsOf(stage, name), told));
    await stage.settled('pizzeria');
    assert.equal((await station()).status?.survives, '1 pod');
  });

  it('is all that the role for it, with its policy, lets a person change', async () => {
    await stage.kubectl('apply', '--server-side', '-f', join(repository, 'manifests/zone-shifters.yaml'));
    const role = '--clusterrole=kitchen-zone-shifter';
    await stage.kubectl('create', 'clusterrolebinding', 'zone-shifters', role, '--user=on-call');
    const patch = (field: object): Promise<string> => {
      const flags = ['--as=on-call', '--dry-run=server', '--type=merge', `--patch=${JSON.stringify(field)}`];
      return stage.kubectl('patch', 'kitchen', 'pizzeria', ...flags);
    };
    const only = /may change nothing but spec\.shifts/;
    await stage.until('the policy holds', () => assert.rejects(patch({ spec: { paused: true } }), only));
    await assert.rejects(patch({ spec: { stations: [{ ...grill, replicas: 5 }] } }), only);
    await assert.rejects(patch({ metadata: { labels: { tier: 'back' } } }), only);
    await patch({ spec: { shifts: [{ zone: 'zone-c', until: '2026-12-01T18:00:00Z' }] } });
    await stage.kubectl(
      'patch',
      'kitchen',
      'pizzeria',
      '--dry-run=server',
      '--type=merge',
      '--patch={"spec":{"paused":true}}',
    );
  });

  it('is taken out again by --off', async () => {
    assert.match(await shift('zone-b', '--off'), /requests come back to zone-b/);
    assert.equal((await kitchen()).spec.shifts, undefined);
    await stage.until('nothing is said of it', async () => {
      const { status } = await station();
      assert.ok(!status?.conditions?.some(({ type }) => type === 'Shifted'));
    });
  });
});

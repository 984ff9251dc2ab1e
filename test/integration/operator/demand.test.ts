import assert from 'node:assert/strict';
import type { Kitchen } from '../../../operator/api/kitchen.ts';
import type { Station } from '../../../operator/api/station.ts';
import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';
import { horizontalPodAutoscalers } from '../../../operator/api/kubernetes/resource.ts';
import { kitchens, stations } from '../../../operator/api/resources.ts';
import { aKitchen, aStation } from './kitchens.ts';
import { holds } from './said.ts';
import { namespace, openStage } from './stage.ts';
import type { Stage } from './stage.ts';

const grill = { name: 'grill', replicas: 3 };
/** `grill`'s demand is the Kitchen's, `till`'s is anybody's. */
const pizzeria = aKitchen('pizzeria', { stations: [aStation(grill), aStation({ name: 'till' })] });

interface Scale extends KubeObject {
  readonly spec: { readonly replicas: number };
  readonly status: { readonly replicas: number; readonly selector: string };
}

describe('demand', function () {
  this.timeout(900_000);
  let stage: Stage;

  before(async () => {
    stage = await openStage({ nodes: 1 });
    await stage.operator();
    await stage.apply(pizzeria);
    await stage.settled('pizzeria');
  });
  after(() => stage?.[Symbol.asyncDispose]());

  const station = (name: string): Promise<Station & KubeObject> => stage.get<Station & KubeObject>(stations, name);
  const scale = (name: string, replicas: number): Promise<string> =>
    stage.kubectl('scale', `stn/${name}`, `--replicas=${replicas}`);

  async function serves(name: string, demand: number): Promise<void> {
    await stage.until(`${name} serves ${demand}`, async () => {
      const { spec, status } = await station(name);
      assert.equal(spec.replicas, demand);
      assert.deepEqual([status?.demand, status?.target], [demand, demand + 1]);
      assert.equal(stage.census.running(name).length, demand + 1);
    });
    await stage.settled('pizzeria');
  }

  it('begins with one where nobody has said it', async () => {
    const { spec, status } = await station('pizzeria-till');
    assert.deepEqual([spec.replicas, status?.demand, status?.target], [1, 1, 2]);
  });

  it('goes up by kubectl scale where the Kitchen gives none', async () => {
    await scale('pizzeria-till', 5);
    await serves('pizzeria-till', 5);
  });

  it('stays what a person said when the Kitchen is applied again with something else changed', async () => {
    await stage.apply(
      aKitchen('pizzeria', {
        survive: { pods: 1 },
        zones: ['zone-a', 'zone-b', 'zone-c'],
        stations: [aStation(grill), aStation({ name: 'till', ports: [] })],
      }),
    );
    await stage.until('the change has arrived', async () => {
      const { spec } = await station('pizzeria-till');
      assert.deepEqual([spec.ports, spec.replicas], [[], 5]);
    });
    await stage.settled('pizzeria');
    assert.equal((await station('pizzeria-till')).spec.replicas, 5);
    await stage.apply(pizzeria);
    await serves('pizzeria-till', 5);
  });

  it('goes down by an autoscaler that owns it from then on, never below the new demand', async () => {
    const at = { resource: stations, namespace, name: 'pizzeria-till', subresource: 'scale' };
    const before = await stage.client.get<Scale>(at);
    assert.equal(before.spec.replicas, 5);
    assert.equal(before.status.selector, 'kitchen.dev/kitchen=pizzeria,kitchen.dev/station=till');
    const watching = stage.census.begin('pizzeria-till');
    const autoscaler = { type: 'merge', fieldManager: 'horizontal-pod-autoscaler' } as const;
    await stage.client.patch<Scale>(at, { spec: { replicas: 2 } }, autoscaler);
    await serves('pizzeria-till', 2);
    assert.equal(watching.least(), 3);
    await stage.client.patch<Scale>(at, { spec: { replicas: 4 } }, autoscaler);
    await serves('pizzeria-till', 4);
  });

  it('is put back where the Kitchen gives it', async () => {
    const watching = stage.census.begin('pizzeria-grill');
    const { metadata } = await station('pizzeria-grill');
    await scale('pizzeria-grill', 1);
    await stage.until('the demand is the Kitchen’s again', async () => {
      const now = await station('pizzeria-grill');
      assert.ok((now.metadata.generation ?? 0) >= (metadata.generation ?? 0) + 2);
      assert.equal(now.spec.replicas, 3);
    });
    await serves('pizzeria-grill', 3);
    assert.ok(watching.least() >= 3);
  });

  it('of a Kitchen and an autoscaler on one station is said to be contested', async () => {
    const autoscaler = {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'grill', namespace },
      spec: {
        scaleTargetRef: { apiVersion: 'kitchen.dev/v1alpha1', kind: 'Station', name: 'pizzeria-grill' },
        maxReplicas: 9,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
        ],
      },
    };
    await stage.apply(autoscaler);
    await stage.until('the Kitchen says so', async () => {
      const kitchen = await stage.get<Kitchen & KubeObject>(kitchens, 'pizzeria');
      const said = /replicas of grill are given by the Kitchen and set by HorizontalPodAutoscaler grill/;
      assert.match(holds(kitchen, 'DemandContested', { status: 'True' }), said);
      const by = holds(await station('pizzeria-grill'), 'ScaledBy', { status: 'True', reason: 'Autoscaler' });
      assert.match(by, /HorizontalPodAutoscaler grill sets demand by Resource cpu \(Utilization\)/);
    });
    await stage.client.remove({ resource: horizontalPodAutoscalers, namespace, name: 'grill' });
  });

  it('stays as it is when the Kitchen lets go of it, and is anybody’s from then on', async () => {
    await stage.apply(aKitchen('pizzeria', { stations: [aStation({ name: 'grill' }), aStation({ name: 'till' })] }));
    await serves('pizzeria-grill', 3);
    await scale('pizzeria-grill', 4);
    await serves('pizzeria-grill', 4);
    assert.equal((await station('pizzeria-till')).spec.replicas, 4);
  });
});

import assert from 'node:assert/strict';
import type { Station } from '../../../operator/api/station.ts';
import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';
import { deployments, podDisruptionBudgets } from '../../../operator/api/kubernetes/resource.ts';
import { stations } from '../../../operator/api/resources.ts';
import { neverBelow } from './drained.ts';
import { aKitchen, aStation, goodImage, newImage } from './kitchens.ts';
import { holds } from './said.ts';
import { namespace, openStage } from './stage.ts';
import type { Stage } from './stage.ts';

interface Deployment extends KubeObject {
  readonly spec: { readonly paused?: boolean };
}

interface Budget extends KubeObject {
  readonly spec: { readonly minAvailable: number };
}

interface Pod extends KubeObject {
  readonly spec: { readonly nodeName: string; readonly containers: readonly { readonly image: string }[] };
}

const kitchen = (replicas: number, image = goodImage): KubeObject =>
  aKitchen('pizzeria', { survive: { pods: 0 }, stations: [aStation({ replicas, image })] });

describe('what people do to a station’s pods and Deployments', function () {
  this.timeout(900_000);
  let stage: Stage;

  before(async () => {
    stage = await openStage({ nodes: 2 });
    await stage.operator();
    await stage.apply(kitchen(6));
    await stage.settled('pizzeria');
  });
  after(() => stage?.[Symbol.asyncDispose]());

  const station = (): Promise<Station & KubeObject> => stage.get(stations, 'pizzeria-grill');
  const podsOf = async (selector: string): Promise<readonly Pod[]> => {
    const json = await stage.kubectl('get', 'pods', '--selector', selector, '--output=json');
    return (JSON.parse(json) as { readonly items: readonly Pod[] }).items;
  };
  const drain = (node: string): Promise<string> =>
    stage.kubectl('drain', node, '--ignore-daemonsets', '--force', '--timeout=120s');
  const keeps = (pods: number): Promise<void> =>
    stage.until(`the budget keeps ${pods}`, async () => {
      assert.equal((await stage.get<Budget>(podDisruptionBudgets, 'pizzeria-grill')).spec.minAvailable, pods);
    });

  it('a pod with its labels is named, set apart in the budget, and keeps nobody from lowering it', async () => {
    const labels = { 'kitchen.dev/kitchen': 'pizzeria', 'kitchen.dev/station': 'grill' };
    await stage.apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'canary', namespace, labels },
      spec: { containers: [{ name: 'main', image: goodImage }] },
    } as KubeObject);
    await keeps(7);
    await stage.until('the condition names it', async () => {
      assert.match(holds(await station(), 'ForeignPods', { status: 'True', reason: 'NotOurs' }), /^Pod canary: /);
    });
    await stage.apply(kitchen(3));
    await keeps(4);
    await stage.kubectl('delete', 'pod', 'canary');
    await keeps(3);
    await stage.apply(kitchen(6));
    await stage.settled('pizzeria');
  });

  it('a pod in quarantine is replaced, leaves its node as others do, and holds up neither drain nor rollout', async () => {
    const [pod] = await podsOf('kitchen.dev/zone=zone-a');
    assert.ok(pod?.metadata.name !== undefined);
    await stage.kubectl('label', 'pod', pod.metadata.name, 'pod-template-hash=quarantine', '--overwrite');
    await stage.until('another runs in its place', async () => {
      assert.equal((await podsOf('kitchen.dev/zone=zone-a,pod-template-hash!=quarantine')).length, 2);
    });
    await keeps(7);
    const watching = stage.census.begin('pizzeria-grill');
    await drain(pod.spec.nodeName);
    await stage.kubectl('uncordon', pod.spec.nodeName);
    await keeps(6);
    neverBelow(6, watching.least());
    const [other] = await podsOf('kitchen.dev/zone=zone-b');
    await stage.kubectl('label', 'pod', other?.metadata.name ?? '', 'kitchen.dev/zone=quarantine', '--overwrite');
    await stage.apply(kitchen(6, newImage));
    await stage.until('all but that one run the new image', async () => {
      const images = (await podsOf('kitchen.dev/station=grill')).map(({ spec }) => String(spec.containers[0]?.image));
      assert.deepEqual(
        images.toSorted((a, b) => (a < b ? -1 : 1)),
        [goodImage, ...Array<string>(6).fill(newImage)],
      );
    });
    await stage.kubectl('delete', 'pod', other?.metadata.name ?? '');
    await stage.settled('pizzeria');
  });

  it('a rollout that somebody pauses goes on, and so does a drain', async () => {
    await stage.kubectl('rollout', 'pause', 'deployment/pizzeria-grill-zone-a');
    await stage.apply(kitchen(6));
    await stage.until('nothing is paused, and the template has changed', async () => {
      const { spec } = await stage.get<Deployment>(deployments, 'pizzeria-grill-zone-a');
      assert.notEqual(spec.paused, true);
      const images = (await podsOf('kitchen.dev/zone=zone-a')).map(({ spec: of }) => of.containers[0]?.image);
      assert.deepEqual([...new Set(images)], [goodImage]);
    });
    const [pod] = await podsOf('kitchen.dev/zone=zone-a');
    await drain(pod?.spec.nodeName ?? '');
    await stage.kubectl('uncordon', pod?.spec.nodeName ?? '');
    await stage.settled('pizzeria');
  });
});

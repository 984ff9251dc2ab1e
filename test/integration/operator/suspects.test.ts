import assert from 'node:assert/strict';
import type { Station } from '../../../operator/api/station.ts';
import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';
import { nodes } from '../../../operator/api/kubernetes/resource.ts';
import { stations } from '../../../operator/api/resources.ts';
import { freezeLease, renewedAtMs, thawLease } from '../../../tools/cluster/leases.ts';
import type { SeenPod } from './census.ts';
import { aKitchen, aStation } from './kitchens.ts';
import { deploymentsOf } from './said.ts';
import { openStage } from './stage.ts';
import type { Stage } from './stage.ts';

const counter = 'corner-counter';
/** Four pods on three nodes: one node carries two, and the scheduler has no reason to put more there. */
const corner = aKitchen('corner', { zones: ['zone-a'], stations: [aStation({ name: 'counter', replicas: 3 })] });

interface NodeObject extends KubeObject {
  readonly status: {
    readonly conditions: readonly {
      readonly type: string;
      readonly status: string;
      readonly lastTransitionTime: string;
    }[];
  };
}

describe('where nodes are suspected by their Leases', function () {
  this.timeout(900_000);
  let stage: Stage;

  before(async () => {
    stage = await openStage({ nodes: 3, graceSeconds: 50, values: ['suspectAfter=15s'] });
    await stage.operator();
    await stage.apply(corner);
    await stage.settled('corner');
  });
  after(() => stage?.[Symbol.asyncDispose]());

  const running = (): readonly SeenPod[] => stage.census.running(counter);
  const namesOf = (pods: readonly SeenPod[]): readonly string[] => pods.map(({ uid }) => uid).toSorted();
  const decisions = async (): Promise<readonly string[]> => {
    const { status } = await stage.client.get<Station & KubeObject>({
      resource: stations,
      namespace: 'default',
      name: counter,
    });
    return (status?.decisions ?? []).map(({ what, why }) => `${what}: ${why}`);
  };
  const readyOf = async (name: string): Promise<{ readonly status: string; readonly sinceMs: number }> => {
    const { status } = await stage.client.get<NodeObject>({ resource: nodes, name });
    const ready = status.conditions.find(({ type }) => type === 'Ready');
    assert.ok(ready);
    return { status: ready.status, sinceMs: Date.parse(ready.lastTransitionTime) };
  };
  /** The node with most of its pods, all of which were there when it renewed its Lease last. */
  const fullest = async (): Promise<string> => {
    const sinceMs = Date.now();
    const nodesOfPods = running().map(({ node }) => node);
    const most = nodesOfPods.find((node) => nodesOfPods.filter((each) => each === node).length === 2);
    assert.ok(most, nodesOfPods.join(' '));
    await stage.until('the node renews its Lease', async () =>
      assert.ok((await renewedAtMs(stage.cluster.api, most)) > sinceMs),
    );
    return most;
  };

  it('a false alarm costs surplus and no running pod, and the surplus goes when the Lease is renewed', async () => {
    const node = await fullest();
    const watching = stage.census.begin(counter);
    await freezeLease(stage.cluster.api, node);
    const there = namesOf(running());
    await stage.until('pods stand in for those of the suspect node', () => assert.equal(running().length, 6));
    assert.deepEqual((await readyOf(node)).status, 'True', 'the cluster noticed nothing');
    const pods = stage.census.pods(counter);
    assert.ok(pods.every(({ deleting }) => !deleting));
    assert.deepEqual(namesOf(pods.filter(({ uid }) => there.includes(uid))), there);
    await stage.until('it says why', async () => {
      const why = new RegExp(`^grow zone-a from 4 to 6: 2 pods may be lost .${node} is suspect`, 'm');
      assert.match((await decisions()).join('\n'), why);
    });
    await thawLease(stage.cluster.api, node);
    await stage.until('the surplus is gone', async () => {
      assert.deepEqual(await deploymentsOf(stage, counter), [[`${counter}-zone-a`, 4]]);
      assert.equal(stage.census.pods(counter).length, 4);
    });
    await stage.settled('corner');
    assert.equal((await readyOf(node)).status, 'True', 'it never was lost');
    assert.deepEqual([watching.made(), watching.least()], [2, 4]);
  });

  it('a zone that dies is stood in for in the other zones before the cluster notices', async () => {
    await stage.apply(aKitchen('spread', { stations: [aStation({ name: 'bar', replicas: 9 })] }));
    await stage.settled('spread');
    const elsewhere = (): number =>
      stage.census.running('spread-bar').filter(({ node }) => !node.startsWith('zone-c-')).length;
    // A zone is believed to be dead when the others were heard without a break since its last renewal, and one of them was silent just now.
    const fromMs = Date.now();
    for (const node of ['zone-c-1', 'zone-c-2', 'zone-c-3'])
      await stage.until(`${node} renews its Lease`, async () =>
        assert.ok((await renewedAtMs(stage.cluster.api, node)) > fromMs),
      );
    await stage.cluster.kill('zone', 'zone-c');
    await stage.until('demand is served elsewhere', () => assert.ok(elsewhere() >= 9, `${elsewhere()} pods`));
    for (const node of ['zone-c-1', 'zone-c-2', 'zone-c-3'])
      assert.equal((await readyOf(node)).status, 'True', 'the cluster noticed nothing');
    const pods = stage.census.pods('spread-bar').filter(({ node }) => node.startsWith('zone-c-'));
    assert.ok(pods.length > 0 && pods.every(({ deleting }) => !deleting));
    await stage.cluster.heal('zone', 'zone-c');
    await stage.settled('corner');
  });

  it('a node that dies is stood in for before the cluster notices, and its pods are let go after', async () => {
    const node = await fullest();
    let wholeAtMs = Infinity;
    let firstDeletedAtMs = Infinity;
    const watching = stage.census.begin(counter, (pods) => {
      if (running().filter((pod) => pod.node !== node).length === 4) wholeAtMs = Math.min(wholeAtMs, Date.now());
      if (pods.some(({ deleting }) => deleting)) firstDeletedAtMs = Math.min(firstDeletedAtMs, Date.now());
    });
    await stage.cluster.kill('node', node);
    await stage.until('the node is lost, and its pods are handed over', async () => {
      assert.equal((await readyOf(node)).status, 'Unknown');
      const going = stage.census.pods(counter).filter((pod) => pod.node === node && pod.deleting);
      assert.equal(going.length, 2);
    });
    await stage.settled('corner');
    const { sinceMs } = await readyOf(node);
    assert.ok(wholeAtMs < sinceMs, `whole ${wholeAtMs - sinceMs} ms after the node was lost`);
    assert.ok(
      firstDeletedAtMs >= sinceMs,
      `a pod was deleted ${sinceMs - firstDeletedAtMs} ms before the node was lost`,
    );
    assert.deepEqual([watching.made(), watching.least()], [2, 2]);
    assert.deepEqual(await deploymentsOf(stage, counter), [[`${counter}-zone-a`, 4]]);
  });
});

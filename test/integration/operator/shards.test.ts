import assert from 'node:assert/strict';
import type { Kitchen } from '../../../operator/api/kitchen.ts';
import { leases, pods } from '../../../operator/api/kubernetes/resource.ts';
import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';
import { labels } from '../../../operator/api/labels.ts';
import { kitchens } from '../../../operator/api/resources.ts';
import { release } from '../../../tools/generate/helm.ts';
import { writesOf } from './audit.ts';
import type { Noted } from './audit.ts';
import { aKitchen, aStation } from './kitchens.ts';
import { holds } from './said.ts';
import { openStage } from './stage.ts';
import type { OperatorProcess, Stage } from './stage.ts';

const label = 'kitchen.dev/shard';

describe('two operators that share the namespaces of a cluster by a label', function () {
  this.timeout(900_000);
  let stage: Stage;
  let operators: readonly OperatorProcess[];

  before(async () => {
    stage = await openStage({ nodes: 1, audit: true });
    operators = await Promise.all(
      ['a', 'b'].map((shard) => stage.release(`kitchens-${shard}`, `watch.namespaceSelector=${label}=${shard}`)),
    );
    for (const [namespace, shard] of [
      ['food', 'a'],
      ['drink', 'b'],
      ['nobodys', 'c'],
    ] as const) {
      await stage.apply({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: namespace, labels: { [label]: shard } },
      });
      const kitchen = aKitchen('pizzeria', {
        survive: { zones: 1 },
        stations: [aStation({ replicas: 2 }), aStation({ name: 'till' })],
      });
      await stage.apply({ ...kitchen, metadata: { ...kitchen.metadata, namespace } });
    }
  });
  after(() => stage?.[Symbol.asyncDispose]());

  const kitchenIn = (namespace: string): Promise<Kitchen & KubeObject> =>
    stage.client.get<Kitchen & KubeObject>({ resource: kitchens, namespace, name: 'pizzeria' });

  /** The till of the namespace has so many pods, all of them Ready, and nothing is under way. */
  function served(namespace: string, many: number): Promise<void> {
    return stage.until(`${namespace} has ${many} pods of its till`, async () => {
      const { status, metadata } = await kitchenIn(namespace);
      assert.equal(status?.observedGeneration, metadata.generation);
      holds({ status }, 'Ready', { status: 'True' });
      holds({ status }, 'Progressing', { status: 'False' });
      assert.equal((await podsIn(namespace, 'till')).length, many);
    });
  }

  async function podsIn(namespace: string, station: string): Promise<readonly string[]> {
    const { items } = await stage.client.list<KubeObject>({ resource: pods, namespace });
    const own = items.filter(({ metadata }) => metadata.labels?.[labels.station] === station);
    return own.map(({ metadata }) => metadata.uid ?? '').toSorted();
  }

  const scale = (namespace: string, to: number): Promise<string> =>
    stage.kubectl('scale', 'stn/pizzeria-till', `--replicas=${to}`, `--namespace=${namespace}`);
  const move = (namespace: string, shard: string): Promise<string> =>
    stage.kubectl('label', 'namespace', namespace, `${label}=${shard}`, '--overwrite');

  /** What each operator has written in a namespace, oldest first. */
  async function writes(shard: string, namespace: string): Promise<readonly Noted[]> {
    const user = `system:serviceaccount:${release.namespace}:kitchens-${shard}`;
    const all = await writesOf(user, stage.cluster.auditLog);
    return all.filter(({ path }) => path.includes(`/namespaces/${namespace}/`));
  }

  it('serve each its own, and nobody’s is left alone', async () => {
    await Promise.all([served('food', 2), served('drink', 2)]);
    const counts = async (namespace: string): Promise<readonly boolean[]> =>
      Promise.all(['a', 'b'].map(async (shard) => (await writes(shard, namespace)).length > 0));
    assert.deepEqual(await counts('food'), [true, false]);
    assert.deepEqual(await counts('drink'), [false, true]);
    assert.deepEqual(await counts('nobodys'), [false, false]);
    assert.equal((await kitchenIn('nobodys')).status, undefined);
    assert.equal((await stage.client.list<KubeObject>({ resource: pods, namespace: 'nobodys' })).items.length, 0);
  });

  it('lead each by a Lease of its own', async () => {
    const { items } = await stage.client.list<KubeObject>({ resource: leases, namespace: release.namespace });
    assert.deepEqual(new Set(items.map(({ metadata }) => metadata.name)), new Set(['kitchens-a', 'kitchens-b']));
  });

  it('pass on a namespace whose label changes in the middle of what is under way, one after the other', async () => {
    const [grill, till] = [await podsIn('food', 'grill'), await podsIn('food', 'till')];
    const grown = async (): Promise<number> =>
      (await writes('a', 'food')).filter(({ resource }) => resource === 'deployments').length;
    const sofar = await grown();
    await scale('food', 6);
    await stage.until('the first operator grows it', async () => assert.ok((await grown()) > sofar));
    await move('food', 'b');
    await served('food', 9);
    await scale('food', 8);
    await served('food', 12);
    const [after, before] = [await writes('b', 'food'), await writes('a', 'food')];
    assert.ok(after.length > 0, 'the other operator has written');
    const [last, first] = [before.at(-1)!, after[0]!];
    assert.ok(last.time < first.time, `${last.verb} ${last.path} at ${last.time}, ${first.path} at ${first.time}`);
    assert.deepEqual(await podsIn('food', 'grill'), grill, 'no pod is made again');
    const now = new Set(await podsIn('food', 'till'));
    assert.ok(
      till.every((uid) => now.has(uid)),
      'no pod was lost',
    );
    assert.deepEqual(await writes('b', 'nobodys'), []);
  });

  it('leave a Kitchen as it is while its namespace is nobody’s, and go on with it later', async () => {
    await move('food', 'c');
    await stage.until('the namespace is let go', async () => {
      const log = await operators[1]!.log();
      assert.match(log.map(({ msg }) => msg).join('\n'), /^namespace food: no longer served/m);
    });
    const before = await writes('b', 'food');
    await scale('food', 2);
    await scale('drink', 4);
    await served('drink', 6);
    assert.deepEqual(await writes('b', 'food'), before);
    await move('food', 'a');
    await served('food', 3);
    const isLater = ({ time }: Noted): boolean => time > (before.at(-1)?.time ?? '');
    assert.ok((await writes('a', 'food')).some(isLater), 'the first operator writes again');
    assert.deepEqual(await writes('b', 'food'), before);
  });
});

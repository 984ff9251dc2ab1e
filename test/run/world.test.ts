import assert from 'node:assert/strict';

import type { WatchEvent, WatchOptions } from '../../operator/kube/client.ts';
import { namespaces as namespaceResource } from '../../operator/api/kubernetes/resource.ts';
import { stations } from '../../operator/api/resources.ts';
import { parseSelector } from '../../operator/observe/parseSelector.ts';
import { aStation } from '../builders/kitchen.ts';
import type { KubeObject } from '../../operator/api/kubernetes/object.ts';
import type { Scope } from '../../operator/kube/path.ts';
import { usualSigns } from '../../operator/observe/nodes/leavingSigns.ts';
import { silentLog } from '../../operator/report/log.ts';
import { watchWorlds } from '../../operator/run/world.ts';
import type { World, WorldOptions } from '../../operator/run/world.ts';
import { FakeClient } from '../builders/fakeClient.ts';
import { FakeClock } from '../builders/fakeClock.ts';

/** Its watches say nothing and end when they are told to. */
class SilentClient extends FakeClient {
  override async *watch<T extends KubeObject>(_of: Scope, options?: WatchOptions): AsyncIterable<WatchEvent<T>> {
    await new Promise((resolve) => options?.signal?.addEventListener('abort', resolve));
    yield { type: 'BOOKMARK', resourceVersion: '1' };
  }
}

describe('what is seen of the cluster', () => {
  let stopped: AbortController;
  let worlds: readonly World[];
  beforeEach(() => {
    stopped = new AbortController();
  });
  afterEach(async () => {
    stopped.abort();
    await Promise.all(worlds.map(({ ended }) => ended));
  });

  function watch(...namespaces: readonly string[]): Promise<FakeClient> {
    return watchWith({}, ...namespaces);
  }
  async function watchWith(
    over: Partial<Pick<WorldOptions, 'suspectAfterMs' | 'namespaceSelector' | 'hub'>> & {
      readonly client?: FakeClient;
    },
    ...namespaces: readonly string[]
  ): Promise<FakeClient> {
    const { client = new SilentClient(), suspectAfterMs, namespaceSelector, hub } = over;
    const common = { client, clock: new FakeClock(), random: () => 0, log: silentLog };
    const settings = { suspectAfterMs, leavingSigns: usualSigns, namespaceSelector, hub };
    worlds = watchWorlds(namespaces, { ...common, ...settings, signal: stopped.signal });
    await Promise.all(worlds.map(({ synced }) => synced));
    return client;
  }
  const nodeLists = ({ calls }: FakeClient): number =>
    calls.filter(({ verb, path }) => verb === 'list' && path === '/api/v1/nodes').length;

  it('is one world when no namespace is named', async () => {
    const client = await watch();
    assert.deepEqual(
      worlds.map(({ namespace }) => namespace),
      [undefined],
    );
    assert.equal(nodeLists(client), 1);
  });

  it('watches Leases, only those of nodes and only once, if suspects are asked for', async () => {
    const leases = ({ calls }: FakeClient): readonly string[] =>
      calls.filter(({ verb, path }) => verb === 'list' && path.includes('leases')).map(({ path }) => path);
    assert.deepEqual(leases(await watch('food', 'drink')), []);
    const client = await watchWith({ suspectAfterMs: 25_000 }, 'food', 'drink');
    assert.deepEqual(leases(client), ['/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases']);
    assert.equal(worlds[0]?.suspicion, worlds[1]?.suspicion);
    const watches = worlds.flatMap((world) => world.watches().map(({ resource }) => resource));
    assert.ok(watches.includes('leases in kube-node-lease'), watches.join(', '));
  });

  it('watches NetworkPolicies only where there are hubs, in an operator of several too', async () => {
    const policies = ({ calls }: FakeClient): number =>
      calls.filter(({ verb, path }) => verb === 'list' && path.includes('networkpolicies')).length;
    assert.equal(policies(await watch()), 0);
    assert.equal(policies(await watchWith({ hub: {} })), 1);
    assert.equal(policies(await watchWith({ hub: {}, namespaceSelector: parseSelector('kitchen.dev/shard=a') })), 1);
  });

  it('is what is in namespaces whose labels match, which are listed first', async () => {
    const client = new SilentClient();
    for (const [namespace, shard] of [
      ['food', 'a'],
      ['drink', 'b'],
    ] as const) {
      const labels = { 'kitchen.dev/shard': shard };
      client.put({ resource: namespaceResource, name: namespace }, { metadata: { name: namespace, labels } });
      const station = aStation({ metadata: { namespace } });
      client.put({ resource: stations, namespace, name: 'pizzeria-grill' }, { ...station });
    }
    const namespaceSelector = parseSelector('kitchen.dev/shard=a');
    await watchWith({ client, namespaceSelector, suspectAfterMs: 25_000 });
    const [world] = worlds;
    assert.deepEqual([...(world?.stores.stations.keys() ?? [])], ['food/pizzeria-grill']);
    assert.deepEqual([...(world?.stores.namespaces.keys() ?? [])].toSorted(), ['drink', 'food']);
    assert.deepEqual(
      ['food', 'drink'].map((namespace) => world?.serves?.(namespace)),
      [true, false],
    );
    const lists = client.calls.filter(({ verb }) => verb === 'list').map(({ path }) => path.split('/').at(-1));
    assert.deepEqual(new Set(lists.slice(0, 3)), new Set(['leases', 'namespaces', 'nodes']));
    assert.ok(lists.length > 10);
  });

  it('ends when it is stopped before the namespaces are listed', async () => {
    const client = new SilentClient();
    client.failNext('list', '/namespaces', { code: 'unavailable' });
    const settings = { suspectAfterMs: undefined, leavingSigns: usualSigns, hub: undefined };
    const clock = new FakeClock();
    const namespaceSelector = parseSelector('a=b');
    const common = { client, clock, random: () => 0, log: silentLog, signal: stopped.signal };
    worlds = watchWorlds([], { ...common, ...settings, namespaceSelector });
    await clock.advance(0);
    stopped.abort();
    await Promise.all(worlds.map(({ ended }) => ended));
    assert.ok(!client.calls.some(({ path }) => path.endsWith('/stations')));
  });

  it('is a world a namespace, all with the same nodes and namespaces', async () => {
    const client = await watch('food', 'drink');
    const [first, second] = worlds;
    assert.deepEqual([first?.namespace, second?.namespace], ['food', 'drink']);
    assert.equal(first?.stores.nodes, second?.stores.nodes);
    assert.equal(first?.stores.namespaces, second?.stores.namespaces);
    assert.notEqual(first?.stores.pods, second?.stores.pods);
    assert.equal(nodeLists(client), 1);
    assert.equal((first?.watches().length ?? 0) - (second?.watches().length ?? 0), 2);
  });
});

import assert from 'node:assert/strict';

import type { WatchEvent, WatchOptions } from '../../operator/kube/client.ts';
import type { KubeObject } from '../../operator/api/kubernetes/object.ts';
import type { Scope } from '../../operator/kube/path.ts';
import { usualSigns } from '../../operator/observe/nodes/leavingSigns.ts';
import { silentLog } from '../../operator/report/log.ts';
import { watchWorlds } from '../../operator/run/world.ts';
import type { World } from '../../operator/run/world.ts';
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

  async function watch(...namespaces: readonly string[]): Promise<FakeClient> {
    return watchWith(undefined, ...namespaces);
  }
  async function watchWith(suspectAfterMs: number | undefined, ...namespaces: readonly string[]): Promise<FakeClient> {
    const client = new SilentClient();
    const common = { client, clock: new FakeClock(), random: () => 0, log: silentLog };
    worlds = watchWorlds(namespaces, { ...common, signal: stopped.signal, suspectAfterMs, leavingSigns: usualSigns });
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
    const client = await watchWith(25_000, 'food', 'drink');
    assert.deepEqual(leases(client), ['/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases']);
    assert.equal(worlds[0]?.suspicion, worlds[1]?.suspicion);
    const watches = worlds.flatMap((world) => world.watches().map(({ resource }) => resource));
    assert.ok(watches.includes('leases in kube-node-lease'), watches.join(', '));
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

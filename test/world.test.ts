import assert from 'node:assert/strict';

import type { WatchEvent, WatchOptions } from '../operator/kube/client.ts';
import type { KubeObject } from '../operator/kube/object.ts';
import type { Scope } from '../operator/kube/resource.ts';
import { silentLog } from '../operator/report/log.ts';
import { watchWorlds } from '../operator/world.ts';
import type { World } from '../operator/world.ts';
import { FakeClient } from './build/fakeClient.ts';
import { FakeClock } from './build/fakeClock.ts';

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
    const client = new SilentClient();
    const options = { client, clock: new FakeClock(), random: () => 0, log: silentLog, signal: stopped.signal };
    worlds = watchWorlds(namespaces, options);
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

  it('is a world a namespace, all with the same nodes', async () => {
    const client = await watch('food', 'drink');
    const [first, second] = worlds;
    assert.deepEqual([first?.namespace, second?.namespace], ['food', 'drink']);
    assert.equal(first?.stores.nodes, second?.stores.nodes);
    assert.notEqual(first?.stores.pods, second?.stores.pods);
    assert.equal(nodeLists(client), 1);
    assert.equal((first?.watches().length ?? 0) - (second?.watches().length ?? 0), 1);
  });
});

import { aKey } from '../builders/aKey.ts';
import assert from 'node:assert/strict';
import { systemClock } from '../../operator/engine/clock.ts';
import type { Client } from '../../operator/kube/client.ts';
import type { KubeObject } from '../../operator/api/kubernetes/object.ts';
import { runReflector } from '../../operator/kube/reflector.ts';
import { deployments } from '../../operator/api/kubernetes/resource.ts';
import { Store } from '../../operator/kube/store.ts';
import { failureOf } from '../kube/conformance.ts';
import { eventually } from '../kube/eventually.ts';
import { FaultyServer } from '../kube/faultyServer.ts';
import { TestConfig } from '../kube/testConfig.ts';
import { FaultyProxy } from './proxy.ts';

const collection = '/apis/apps/v1/deployments';
const at = { resource: deployments, namespace: 'kitchen', name: 'grill' };
const of = { resource: deployments, namespace: 'kitchen' };
const options = { fieldManager: 'test', force: true };

describe('the faulty proxy', () => {
  let server: FaultyServer;
  let proxy: FaultyProxy;
  let config: TestConfig;
  let client: Client;
  let stopping: AbortController;

  beforeEach(async () => {
    server = await new FaultyServer().start();
    proxy = await FaultyProxy.start({ server: server.url });
    config = await TestConfig.make(proxy.url, 'secret');
    client = config.connect();
    stopping = new AbortController();
  });
  afterEach(async () => {
    stopping.abort();
    await client.close();
    await config.remove();
    await proxy[Symbol.asyncDispose]();
    await server.stop();
  });

  const put = (replicas: number): KubeObject =>
    server.api.put(collection, {
      metadata: { namespace: 'kitchen', name: 'grill', uid: 'one' },
      spec: { replicas },
    } as KubeObject);
  const apply = (replicas: number): Promise<Scaled> =>
    client.apply<Scaled>(at, { metadata: { name: 'grill' }, spec: { replicas } } as KubeObject, options);

  /** A store that is kept by a reflector through the proxy; resolves when it has listed. */
  async function follow(): Promise<Store<Scaled>> {
    const store = new Store<Scaled>({
      name: 'deployments',
      project: (object) => object as Scaled,
      clock: systemClock,
      onError: (error) => assert.fail(String(error)),
    });
    const onError = (): void => undefined;
    void runReflector({ client, of, store, clock: systemClock, random: () => 0, signal: stopping.signal, onError });
    await eventually(() => store.synced && server.watches === 1);
    return store;
  }
  const seen = (store: Store<Scaled>): number | undefined => store.get(aKey('kitchen/grill'))?.spec.replicas;

  it('passes on what is asked, with its credentials, and what is answered', async () => {
    server.token = 'secret';
    put(2);
    assert.equal((await client.get<Scaled>(at)).spec.replicas, 2);
    assert.equal((await failureOf(client.get({ ...at, name: 'till' }))).code, 'notFound');
  });

  it('tells growing from shrinking by what was written last', async () => {
    for (const replicas of [2, 4, 4, 3]) await apply(replicas);
    assert.deepEqual(
      proxy.writes.map(({ write, status }) => [write, status]),
      [
        ['other', 201],
        ['grow', 200],
        ['other', 200],
        ['shrink', 200],
      ],
    );
  });

  it('tells them apart as well where somebody else wrote last', async () => {
    put(5);
    await client.list(of);
    await apply(4);
    assert.deepEqual(
      proxy.writes.map(({ write }) => write),
      ['shrink'],
    );
  });

  it('answers in the API server’s stead, which never hears of it', async () => {
    await apply(2);
    proxy.rule({ which: { write: 'grow' }, fault: () => ({ kind: 'answer', status: 429, retryAfterSeconds: 3 }) });
    const error = await failureOf(apply(3));
    assert.deepEqual([error.code, error.retryAfterMs], ['tooManyRequests', 3_000]);
    assert.equal((await client.get<Scaled>(at)).spec.replicas, 2);
  });

  it('resets before a write is done, or after', async () => {
    await apply(2);
    proxy.rule({ which: { write: 'grow' }, fault: () => ({ kind: 'reset', when: 'before' }) });
    assert.equal((await failureOf(apply(3))).code, 'connection');
    assert.equal((await client.get<Scaled>(at)).spec.replicas, 2);
    proxy.rule({ which: { write: 'grow' }, fault: () => ({ kind: 'reset', when: 'after' }) });
    assert.equal((await failureOf(apply(3))).code, 'connection');
    assert.equal((await client.get<Scaled>(at)).spec.replicas, 3);
  });

  it('strikes those that are meant: after so many, every so manieth, so often, of one user agent', async () => {
    put(2);
    const fault = { kind: 'answer', status: 503 } as const;
    const which = { method: 'GET', resource: 'deployments', name: /^grill$/, userAgent: /^test\// };
    proxy.rule({ which: { ...which, userAgent: /^kubectl/ }, fault: () => fault });
    proxy.rule({ which, after: 1, every: 2, times: 2, fault: () => fault });
    const outcomes: string[] = [];
    for (let each = 0; each < 6; each += 1)
      outcomes.push(
        await client.get(at).then(
          () => 'answered',
          () => 'failed',
        ),
      );
    assert.deepEqual(outcomes, ['answered', 'failed', 'answered', 'failed', 'answered', 'answered']);
  });

  it('sends on what it has held although nobody waits for it any more', async () => {
    await apply(2);
    const late = Promise.withResolvers<void>();
    proxy.rule({ which: { write: 'grow' }, fault: () => ({ kind: 'hold', until: late.promise }) });
    const gone = new AbortController();
    const failed = failureOf(
      client.apply(at, { metadata: {}, spec: { replicas: 5 } } as KubeObject, { ...options, signal: gone.signal }),
    );
    await eventually(() => proxy.log.some((line) => line.includes('hold: grow')));
    gone.abort();
    await failed;
    assert.equal((await client.get<Scaled>(at)).spec.replicas, 2);
    late.resolve();
    await eventually(() => proxy.writes.length === 2);
    assert.equal((await client.get<Scaled>(at)).spec.replicas, 5);
  });

  it('drops one event, which is missed until everything is listed again', async () => {
    put(2);
    const store = await follow();
    let dropped = 0;
    proxy.drop({
      resource: 'deployments',
      which: ({ object }) => (object as Scaled).spec.replicas === 3,
      done: () => dropped++,
    });
    put(3);
    server.api.put(collection, { metadata: { namespace: 'kitchen', name: 'till' }, spec: {} } as KubeObject);
    await eventually(() => store.size === 2);
    assert.deepEqual([dropped, seen(store)], [1, 2]);
    proxy.expire('deployments');
    await eventually(() => seen(store) === 3);
  });

  it('holds events back and tells them in their order', async () => {
    put(2);
    const store = await follow();
    const told: unknown[] = [];
    store.onChange(({ after }) => told.push(after?.spec.replicas));
    let waits = 0;
    proxy.hold('deployments', () => waits++);
    for (const replicas of [3, 4, 5]) put(replicas);
    await eventually(() => waits === 1);
    assert.deepEqual([told, (await client.get<Scaled>(at)).spec.replicas], [[], 5]);
    proxy.release('deployments');
    await eventually(() => seen(store) === 5);
    assert.deepEqual(told, [3, 4, 5]);
  });

  it('tells an old list to whoever comes anew, and what came after when it thaws', async () => {
    put(2);
    await client.list(of);
    await proxy.picture('deployments');
    put(3);
    proxy.freeze('deployments');
    const store = await follow();
    put(4);
    assert.equal(seen(store), 2);
    const fresh = await client.list<Scaled>(of, { labelSelector: 'kitchen.dev/station=grill' });
    assert.equal(fresh.items.length, 0, 'a list that selects one station is no reflector’s');
    proxy.thaw('deployments');
    await eventually(() => seen(store) === 4);
  });

  it('cuts everything off, and lets it through again', async () => {
    put(2);
    const store = await follow();
    proxy.cut();
    await eventually(() => server.watches === 0);
    assert.equal((await failureOf(client.get(at))).code, 'connection');
    put(3);
    proxy.mend();
    await eventually(() => seen(store) === 3);
  });
});

interface Scaled extends KubeObject {
  readonly spec: { readonly replicas?: number };
}

import { aKey } from '../builders/aKey.ts';
import assert from 'node:assert/strict';
import type { Client } from '../../operator/kube/client.ts';
import { isCode, messageOf } from '../../operator/kube/errors.ts';
import type { KubeObject } from '../../operator/api/kubernetes/object.ts';
import { runReflector } from '../../operator/kube/reflector.ts';
import { pods } from '../../operator/api/kubernetes/resource.ts';
import { Store } from '../../operator/kube/store.ts';
import { FakeClock } from '../builders/fakeClock.ts';
import { eventually } from './eventually.ts';
import { FaultyServer } from './faultyServer.ts';
import type { ApiRequest } from './memoryApi.ts';
import { TestConfig } from './testConfig.ts';

interface Named {
  readonly name: string;
}

const isWatch = ({ query }: ApiRequest): boolean => query.has('watch');
const isList = (request: ApiRequest): boolean => !isWatch(request);

describe('a reflector, when the API server fails', () => {
  let server: FaultyServer;
  let config: TestConfig;
  let clock: FakeClock;
  let client: Client;
  let store: Store<Named>;
  let errors: { error: unknown; waitMs: number }[];
  let stop: AbortController;
  let running: Promise<void>;

  const names = (): string =>
    store
      .list()
      .map(({ name }) => name)
      .sort()
      .join(' ');
  const lists = (): number => server.requests.filter(isList).length;
  const watchVersions = (): (string | null)[] =>
    server.requests.filter(isWatch).map(({ query }) => query.get('resourceVersion'));
  const put = (name: string): KubeObject =>
    server.api.put('/api/v1/pods', { metadata: { namespace: 'default', name } });
  const drop = (name: string): void => server.api.drop('/api/v1/pods', 'default', name);

  function run(): void {
    const onError = (error: unknown, waitMs: number): void => void errors.push({ error, waitMs });
    const common = { client, of: { resource: pods }, store, clock, random: () => 0 };
    running = runReflector({ ...common, signal: stop.signal, onError });
  }

  async function runAndWatch(): Promise<void> {
    run();
    await eventually(() => server.watches === 1);
  }

  /** Waits for the n-th error, then lets the announced wait pass. */
  async function recovered(count: number): Promise<void> {
    await eventually(() => errors.length === count);
    await clock.advance(errors.at(-1)?.waitMs ?? 0);
  }

  beforeEach(async () => {
    server = await new FaultyServer().start();
    config = await TestConfig.make(server.url);
    clock = new FakeClock();
    client = config.connect(clock);
    errors = [];
    stop = new AbortController();
    const project = ({ metadata }: KubeObject): Named => ({ name: metadata.name ?? '' });
    const onError = (error: unknown): void => void errors.push({ error, waitMs: 0 });
    store = new Store<Named>({ name: 'pods', project, clock, onError });
    put('grill');
  });

  afterEach(async () => {
    stop.abort();
    await running;
    await client.close();
    await server.stop();
    await config.remove();
    assert.equal(clock.pending, 0, 'no timer is left behind');
  });

  it('lists again after a 503 while listing, later each time', async () => {
    server.fail(isList, { kind: 'answer', status: 503 }, 3);
    run();
    for (const count of [1, 2, 3]) await recovered(count);
    await eventually(() => store.synced);
    assert.equal(names(), 'grill');
    assert.deepEqual(
      errors.map(({ waitMs }) => waitMs),
      [800, 1600, 3200],
    );
  });

  it('comes back to a watch not before a 429 says so', async () => {
    server.fail(isWatch, { kind: 'answer', status: 429, headers: { 'retry-after': '30' } });
    run();
    await eventually(() => errors.length === 1);
    await clock.advance(29_999);
    assert.equal(watchVersions().length, 1);
    await clock.advance(1);
    await eventually(() => server.watches === 1);
    assert.equal(lists(), 1);
  });

  it('goes on from where it was after a reset, without listing, and misses nothing', async () => {
    await runAndWatch();
    const { metadata } = put('oven');
    await eventually(() => names() === 'grill oven');
    server.resetWatches();
    await eventually(() => errors.length === 1);
    drop('grill');
    put('fryer');
    await recovered(1);
    await eventually(() => names() === 'fryer oven');
    assert.equal(lists(), 1);
    assert.equal(watchVersions()[1], metadata.resourceVersion);
  });

  it('goes on from a bookmark', async () => {
    await runAndWatch();
    server.api.put('/api/v1/nodes', { metadata: { name: 'elsewhere' } });
    server.bookmark();
    server.endWatches();
    await eventually(() => watchVersions().length === 2);
    assert.equal(watchVersions()[1], server.api.version);
    assert.deepEqual(errors, []);
  });

  it('drops a half-open connection after two and a half silent minutes', async () => {
    await runAndWatch();
    server.talks = false;
    put('oven');
    await clock.advance(149_999);
    assert.equal(errors.length, 0);
    server.talks = true;
    await clock.advance(1);
    await recovered(1);
    await eventually(() => names() === 'grill oven');
    assert.match(messageOf(errors[0]?.error), /^watching pods: no event and no bookmark within 150 s/);
  });

  it('is kept by bookmarks from dropping a quiet watch', async () => {
    await runAndWatch();
    for (let minute = 0; minute < 5; minute++) {
      const heardMs = store.lastHeardMs;
      await clock.advance(60_000);
      server.bookmark();
      await eventually(() => store.lastHeardMs !== heardMs);
    }
    assert.equal(store.lastHeardMs, clock.monotonicMs());
    assert.deepEqual(errors, []);
  });

  it('lists again, at once, when its version has expired meanwhile', async () => {
    await runAndWatch();
    server.resetWatches();
    await eventually(() => errors.length === 1);
    put('oven');
    drop('grill');
    server.api.compact();
    await recovered(1);
    await recovered(2);
    assert.equal(errors[1]?.waitMs, 0);
    await eventually(() => names() === 'oven' && server.watches === 1);
    assert.equal(lists(), 2);
  });

  it('lists again when the watch itself says that its version has expired', async () => {
    await runAndWatch();
    server.say(JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } }));
    await recovered(1);
    await eventually(() => server.watches === 1 && lists() === 2);
    assert.equal(errors[0]?.waitMs, 0);
  });

  it('slows down when the version of every list has expired at once', async () => {
    const body = { kind: 'Status', code: 410, reason: 'Expired' };
    server.fail(isWatch, { kind: 'answer', status: 410, body }, 3);
    run();
    for (const count of [1, 2, 3]) await recovered(count);
    await eventually(() => server.watches === 1);
    assert.deepEqual(
      errors.map(({ waitMs }) => waitMs),
      [0, 1600, 3200],
    );
    assert.equal(lists(), 4);
  });

  it('slows down when the server ends every watch at once', async () => {
    const headers = { 'content-type': 'application/json' };
    server.fail(isWatch, { kind: 'answer', status: 200, headers }, 3);
    run();
    for (const count of [1, 2, 3]) await recovered(count);
    await eventually(() => server.watches === 1);
    assert.deepEqual(
      errors.map(({ waitMs }) => waitMs),
      [800, 1600, 3200],
    );
    assert.equal(lists(), 1);
  });

  it('goes on after a line that is no event', async () => {
    await runAndWatch();
    server.say('<html>');
    await recovered(1);
    put('oven');
    await eventually(() => names() === 'grill oven');
    assert.ok(isCode(errors[0]?.error, 'malformed'));
  });

  it('keeps what it knows while the server is away, and catches up when it is back', async () => {
    await runAndWatch();
    await server.stop();
    for (const count of [1, 2, 3]) await recovered(count);
    assert.equal(names(), 'grill');
    put('oven');
    await server.start();
    while (server.watches === 0) await clock.advance(1_000);
    await eventually(() => names() === 'grill oven');
  });

  it('goes on with a new token when the old one has expired', async () => {
    server.token = 'one';
    await runAndWatch();
    server.token = 'two';
    await config.setToken('two');
    server.endWatches();
    await eventually(() => errors.length === 1);
    await recovered(1);
    put('oven');
    await eventually(() => names() === 'grill oven');
    assert.equal(errors.length, 1);
  });

  it('does not care about the date', async () => {
    await runAndWatch();
    clock.jump(86_400_000);
    put('oven');
    await eventually(() => names() === 'grill oven');
    clock.jump(-2 * 86_400_000);
    drop('oven');
    await eventually(() => names() === 'grill');
    assert.equal(server.requests.length, 2);
    assert.deepEqual(errors, []);
  });

  it('believes a cluster that was restored from an older backup', async () => {
    await runAndWatch();
    put('oven');
    await eventually(() => names() === 'grill oven');
    server.api.goBackTo(10);
    drop('oven');
    put('grill');
    server.say(JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } }));
    await recovered(1);
    await eventually(() => names() === 'grill');
    assert.equal(store.resourceVersionOf(aKey('default/grill')), '12');
  });

  it('outlives a listener that throws', async () => {
    store.onChange(() => {
      throw new Error('the listener is broken');
    });
    await runAndWatch();
    put('oven');
    await eventually(() => names() === 'grill oven');
    assert.deepEqual(
      errors.map(({ error }) => messageOf(error)),
      Array(2).fill('the listener is broken'),
    );
    assert.equal(server.requests.length, 2);
  });

  it('stops while a list hangs', async () => {
    server.fail(isList, { kind: 'hang' });
    run();
    await eventually(() => server.requests.length === 1);
    stop.abort();
    await running;
    assert.deepEqual(errors, []);
  });

  it('stops while it waits to try again', async () => {
    server.fail(isList, { kind: 'reset' });
    run();
    await eventually(() => errors.length === 1);
    stop.abort();
    await running;
    assert.equal(server.requests.length, 1);
  });
});

import assert from 'node:assert/strict';
import { deployments } from '../../operator/api/kubernetes/resource.ts';
import { kitchens, stations } from '../../operator/api/resources.ts';
import { isGated, makeStores } from '../../operator/observe/stores.ts';
import type { WritableStores } from '../../operator/observe/stores.ts';
import { kindNamed, usualKindNames } from '../../operator/observe/kinds.ts';
import { parseSelector } from '../../operator/observe/parseSelector.ts';
import { silentLog } from '../../operator/report/log.ts';
import { HANDOVER_MS, Shard } from '../../operator/run/shard.ts';
import { aDeployment } from '../builders/childObjects.ts';
import { FakeClient } from '../builders/fakeClient.ts';
import { FakeClock } from '../builders/fakeClock.ts';
import { aKitchen, aStation } from '../builders/kitchen.ts';
import { meta } from '../builders/objects.ts';
import { drop, put } from '../builders/stores.ts';

const metadata = (namespace: string): { readonly metadata: { readonly namespace: string } } => ({
  metadata: { namespace },
});

function aNamespace(name: string, shard?: string): object {
  const labels = shard === undefined ? {} : { 'kitchen.dev/shard': shard };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: meta({ name, labels }) };
}

describe('an operator of several', () => {
  let client: FakeClient;
  let clock: FakeClock;
  let stores: WritableStores;
  let shard: Shard;
  let stop: AbortController;
  let said: string[];

  beforeEach(() => {
    [client, clock, stop, said] = [new FakeClient(), new FakeClock(), new AbortController(), []];
    const say = (line: string): void => void said.push(line);
    shard = new Shard({
      selector: parseSelector('kitchen.dev/shard=a'),
      kinds: usualKindNames,
      client,
      clock,
      random: () => 0,
      log: { ...silentLog, info: say, warn: say, error: (line) => assert.fail(line) },
      signal: stop.signal,
    });
    const onError = (error: unknown): never => {
      throw error;
    };
    stores = makeStores(clock, onError, { gates: shard.gates });
    for (const namespace of ['food', 'drink']) {
      const at = { namespace, name: 'pizzeria-grill' };
      client.put({ resource: kitchens, namespace, name: 'pizzeria' }, { ...aKitchen(metadata(namespace)) });
      client.put({ resource: stations, ...at }, { ...aStation(metadata(namespace)) });
      client.put(
        { resource: deployments, namespace, name: 'pizzeria-grill-zone-a' },
        { ...aDeployment(metadata(namespace)) },
      );
    }
  });
  afterEach(() => stop.abort());

  /** What the stores keep, by kind and namespace. */
  function kept(): readonly string[] {
    return usualKindNames
      .filter(isGated)
      .flatMap((name) =>
        [...stores[name].keys()].map((key) => `${kindNamed(name).resource.plural} ${key.split('/')[0]}`),
      );
  }
  const all = (namespace: string): readonly string[] =>
    ['kitchens', 'stations', 'deployments'].map((plural) => `${plural} ${namespace}`);

  it('serves the namespaces that match when it begins, and is told only of what is in them', () => {
    put(stores, aNamespace('food', 'a'), aNamespace('drink', 'b'), aNamespace('none'));
    shard.begin(stores);
    put(stores, ...['food', 'drink', 'none'].map((namespace) => aStation(metadata(namespace))));
    assert.deepEqual(kept(), ['stations food']);
    assert.deepEqual(
      ['food', 'drink', 'none', 'unheard'].map((name) => shard.serves(name)),
      [true, false, false, false],
    );
    assert.deepEqual(said, ['serving 1 of 3 namespaces']);
    assert.deepEqual(client.calls, []);
  });

  it('serves a namespace that comes to match when another operator has surely ended, all of it at once', async () => {
    put(stores, aNamespace('food', 'a'), aNamespace('drink', 'b'));
    shard.begin(stores);
    put(stores, aNamespace('drink', 'a'));
    await clock.advance(HANDOVER_MS - 1);
    assert.deepEqual([kept(), shard.serves('drink'), client.calls], [[], false, []]);
    const heard: (readonly string[])[] = [];
    stores.stations.onChange(() => queueMicrotask(() => heard.push(kept())));
    await clock.advance(1);
    assert.deepEqual([kept(), shard.serves('drink'), heard], [all('drink'), true, [all('drink')]]);
    assert.equal(said.at(-1), 'namespace drink: served from now on, since its labels match');
  });

  it('lists only what it watches of a kind', async () => {
    put(stores, aNamespace('food', 'b'));
    shard.begin(stores);
    put(stores, aNamespace('food', 'a'));
    await clock.advance(HANDOVER_MS);
    const lists = client.calls.map(({ path, options }) => [
      path,
      (options as { labelSelector?: string }).labelSelector,
    ]);
    assert.equal(lists.length, usualKindNames.filter(isGated).length);
    assert.ok(lists.every(([path]) => path?.includes('/namespaces/food/') === true));
    assert.deepEqual(
      lists.find(([path]) => path?.endsWith('/deployments') === true),
      ['/apis/apps/v1/namespaces/food/deployments', 'kitchen.dev/station'],
    );
  });

  it('lets go of a namespace at once when its labels match no more, or it is gone', () => {
    put(stores, aNamespace('food', 'a'), aNamespace('drink', 'a'));
    shard.begin(stores);
    put(stores, ...['food', 'drink'].flatMap((each) => [aStation(metadata(each)), aDeployment(metadata(each))]));
    put(stores, aNamespace('food', 'b'));
    assert.deepEqual([kept(), shard.serves('food')], [['stations drink', 'deployments drink'], false]);
    stores.stations.learn(aStation({ metadata: { namespace: 'food', resourceVersion: '1000000' } }));
    assert.deepEqual(kept(), ['stations drink', 'deployments drink'], 'the answer to a write comes too late');
    drop(stores, aNamespace('drink'));
    assert.deepEqual([kept(), shard.serves('drink')], [[], false]);
    assert.match(said.at(-1) ?? '', /^namespace drink: no longer served/);
  });

  it('does not open a namespace that has moved on meanwhile', async () => {
    put(stores, aNamespace('food', 'b'));
    shard.begin(stores);
    put(stores, aNamespace('food', 'a'));
    await clock.advance(HANDOVER_MS / 2);
    put(stores, aNamespace('food', 'b'));
    await clock.advance(10 * HANDOVER_MS);
    assert.deepEqual([kept(), shard.serves('food'), client.calls, clock.pending], [[], false, [], 0]);
  });

  it('lists again until that succeeds', async () => {
    put(stores, aNamespace('food', 'b'));
    shard.begin(stores);
    put(stores, aNamespace('food', 'a'));
    client.failNext('list', '/deployments', { code: 'unavailable' });
    await clock.advance(HANDOVER_MS);
    assert.deepEqual([kept(), shard.serves('food')], [[], false]);
    assert.match(said.at(-1) ?? '', /^namespace food: .*; trying again in 0\.\d s$/);
    await clock.advance(1_000);
    assert.deepEqual([kept(), shard.serves('food')], [all('food'), true]);
  });

  it('begins again when everything is listed again meanwhile, and keeps the moment before which it does not serve', async () => {
    put(stores, aNamespace('food', 'b'));
    shard.begin(stores);
    put(stores, aNamespace('food', 'a'));
    await clock.advance(HANDOVER_MS / 2);
    stores.stations.replace([], '1000000');
    await clock.advance(HANDOVER_MS / 2 - 1);
    assert.equal(shard.serves('food'), false);
    await clock.advance(1);
    assert.deepEqual([kept(), shard.serves('food')], [all('food'), true]);
  });

  it('ends with the process', async () => {
    put(stores, aNamespace('food', 'b'));
    shard.begin(stores);
    put(stores, aNamespace('food', 'a'));
    stop.abort();
    await clock.advance(HANDOVER_MS);
    assert.deepEqual([kept(), clock.pending], [[], 0]);
  });
});

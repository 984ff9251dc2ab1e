import { aKey } from '../builders/aKey.ts';
import assert from 'node:assert/strict';

import { learnInto } from '../../operator/apply/learn.ts';
import { Refusals } from '../../operator/apply/refusals.ts';
import { Fleet } from '../../operator/observe/nodes/fleet.ts';
import { usualSigns } from '../../operator/observe/nodes/leavingSigns.ts';
import { FirstSeen } from '../../operator/engine/memory.ts';
import { deployments, nodes } from '../../operator/api/kubernetes/resource.ts';
import { kitchens, stations } from '../../operator/api/resources.ts';
import type { WritableStores } from '../../operator/observe/stores.ts';
import type { Plan } from '../../operator/model/plan.ts';
import { planKitchenAgain } from '../../operator/apply/kitchen/look.ts';
import { planStationAgain } from '../../operator/apply/station/look.ts';
import { FakeClient } from '../builders/fakeClient.ts';
import { FakeClock } from '../builders/fakeClock.ts';
import { aDeclaredStation, aKitchen, aStation } from '../builders/kitchen.ts';
import type { StationParts } from '../builders/kitchen.ts';
import { aCondition } from '../builders/kitchenSnapshot.ts';
import { aDeployment, aService } from '../builders/childObjects.ts';
import { aNode } from '../builders/nodeObjects.ts';
import { aPod } from '../builders/podObjects.ts';
import { pizzeriaWith } from '../builders/stores.ts';

const key = aKey('food/pizzeria-grill');
const podNames = ['grill-1', 'grill-2'];

describe('a last look', () => {
  let client: FakeClient;
  let stores: WritableStores;
  let suspects: ReadonlyMap<string, number>;
  let silence: ReadonlyMap<string, number>;

  /** The API server has one pod on each of `node-a1`, `node-a2`; `node-a3` and `node-b1` carry none. */
  beforeEach(() => {
    client = new FakeClient();
    suspects = new Map();
    silence = new Map();
    const pods = podNames.map((name, index) => aPod({ name, node: `node-a${index + 1}` }));
    const cluster = ['node-a1', 'node-a2', 'node-a3'].map((name) => aNode({ name }));
    stores = pizzeriaWith(...pods, ...cluster, aNode({ name: 'node-b1', zone: 'zone-b' }));
    for (const pod of pods) client.objects.set(`/api/v1/namespaces/food/pods/${pod.metadata.name ?? ''}`, pod);
    for (const node of cluster) client.put({ resource: nodes, name: node.metadata.name ?? '' }, node);
    onServer();
  });

  function onServer(parts: StationParts = {}): void {
    client.put({ resource: stations, namespace: 'food', name: 'pizzeria-grill' }, { ...aStation(parts) });
  }

  const silentMs = (node: string): number | undefined => silence.get(node);
  const looking = (memory = new FirstSeen()): Parameters<typeof planStationAgain>[1] => ({
    client,
    learn: learnInto(stores),
    stores,
    memory,
    refusals: new Refusals(),
    clock: new FakeClock(),
    suspicion: { suspects, silentMs },
    fleet: new Fleet(stores.nodes.list(), { memory, suspects: () => suspects, silentMs }),
    forgetZoneAfterMs: 1_000,
    leavingSigns: usualSigns,
  });
  const look = (): Promise<Plan | undefined> => planStationAgain(key, looking());

  it('reads the nodes that carry the station’s pods, one by one, and lists none', async () => {
    await look();
    const read = client.calls
      .filter(({ path }) => path.startsWith('/api/v1/nodes'))
      .map(({ verb, path }) => [verb, path]);
    assert.deepEqual(read, [
      ['get', '/api/v1/nodes/node-a1'],
      ['get', '/api/v1/nodes/node-a2'],
    ]);
  });

  it('plans for the demand that the Station has now, and lets the store know it', async () => {
    assert.equal((await look())?.target, 7);
    onServer({ replicas: 9 });
    assert.equal((await look())?.target, 10);
    assert.equal(stores.stations.get(key)?.object.spec.replicas, 9);
  });

  it('knows which nodes are suspect', async () => {
    const pod = aPod({ node: 'node-a1' });
    client.objects.set('/apis/apps/v1/namespaces/food/deployments/pizzeria-grill-zone-a', aDeployment());
    client.objects.set(`/api/v1/namespaces/food/pods/${pod.metadata.name ?? ''}`, pod);
    const worst = async (): Promise<unknown> => (await look())?.survival.worst;
    assert.equal(await worst(), '3 of 6 are sure');
    suspects = new Map([['node-a1', 1_700_000_000]]);
    assert.equal(await worst(), '1 of 6 are sure');
  });

  it('knows how long nodes are silent', async () => {
    const waits = async (): Promise<unknown> =>
      (await look())?.waits.find(({ why }) => /did not renew/.test(why))?.what;
    silence = new Map(['node-a1', 'node-a2', 'node-a3', 'node-b1'].map((name) => [name, 0]));
    assert.equal(await waits(), undefined);
    silence = new Map([...silence, ['node-b1', 15_000]]);
    assert.equal(await waits(), 'pods made in zone-b');
  });

  it('plans nothing for a Station that is now paused, being deleted or made again', async () => {
    const others: readonly StationParts[] = [
      { paused: true },
      { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } },
      { metadata: { uid: 'another' } },
    ];
    for (const parts of others) {
      stores = pizzeriaWith();
      client.objects.delete(`/apis/kitchen.dev/v1alpha1/namespaces/food/stations/pizzeria-grill`);
      onServer(parts);
      assert.equal(await look(), undefined);
    }
  });

  it('fails when the Station is gone', async () => {
    client.objects.delete(`/apis/kitchen.dev/v1alpha1/namespaces/food/stations/pizzeria-grill`);
    await assert.rejects(look(), { code: 'notFound' });
  });

  it('waits with a template that was refused, as the first look did', async () => {
    const served = { metadata: { annotations: { 'kitchen.dev/template': 'another' } } };
    client.put({ resource: deployments, namespace: 'food', name: 'pizzeria-grill-zone-a' }, aDeployment(served));
    const parts = looking();
    const refusal = { message: 'image: required', reason: 'Refused', atMs: parts.clock.monotonicMs() } as const;
    parts.refusals.remember({ uid: 'uid-station-pizzeria-grill', generation: 1 }, { name: 'rollOut x' }, refusal);
    const plan = await planStationAgain(key, parts);
    assert.deepEqual(
      plan?.waits.filter(({ what }) => what.startsWith('roll out')).map(({ why }) => why),
      ['image: required'],
    );
  });
});

describe('a last look at a Kitchen', () => {
  const served = { conditions: [aCondition('Available', 'True')] };
  const at = { resource: kitchens, namespace: 'food', name: 'pizzeria' };
  let client: FakeClient;
  let stores: WritableStores;

  /** As after a handing over: the children are new, what is known of the Kitchen is old. */
  beforeEach(() => {
    client = new FakeClient();
    stores = pizzeriaWith(aStation({ station: 'oven' }), aService({ station: 'oven' }));
  });

  const prunes = async (): Promise<readonly string[] | undefined> => {
    const parts = { client, learn: learnInto(stores), stores };
    const rest = { memory: new FirstSeen(), refusals: new Refusals(), clock: new FakeClock() };
    const plan = await planKitchenAgain(aKey('food/pizzeria'), { ...parts, ...rest });
    return plan?.steps.filter(({ kind }) => kind === 'pruneStation').map(({ station }) => station);
  };

  it('takes away what the Kitchen still does not declare', async () => {
    stores = pizzeriaWith(aStation({ status: served }), aStation({ station: 'oven' }), aService({ station: 'oven' }));
    client.put(at, { ...aKitchen() });
    assert.deepEqual(await prunes(), ['oven']);
  });

  it('leaves a station that the Kitchen declares now', async () => {
    client.put(at, { ...aKitchen({ stations: [aDeclaredStation(), aDeclaredStation({ name: 'oven' })] }) });
    assert.deepEqual(await prunes(), []);
  });

  it('deletes nothing of a Kitchen that is paused, made again, being deleted or gone', async () => {
    client.put(at, { ...aKitchen({ paused: true }) });
    assert.deepEqual(await prunes(), []);
    client.put(at, { ...aKitchen({ metadata: { uid: 'another' } }) });
    assert.deepEqual(await prunes(), []);
    client.put(at, { ...aKitchen({ metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }) });
    assert.equal(await prunes(), undefined);
    client.objects.clear();
    stores = pizzeriaWith(aStation({ station: 'oven' }));
    await assert.rejects(prunes(), { code: 'notFound' });
  });
});

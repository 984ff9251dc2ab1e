import assert from 'node:assert/strict';
import type { Key } from '../../../operator/api/kubernetes/key.ts';
import type { ZoneName } from '../../../operator/api/zone.ts';
import { FirstSeen } from '../../../operator/engine/memory.ts';
import { newestKind } from '../../../operator/observe/nodes/podKind.ts';
import type { PoolReading } from '../../../operator/observe/nodes/sharedPool.ts';
import type { WritableStores } from '../../../operator/observe/stores.ts';
import { watchFleet } from '../../../operator/observe/nodes/watchFleet.ts';
import { aKey } from '../../builders/aKey.ts';
import { FakeClock } from '../../builders/fakeClock.ts';
import { FakeSuspicion } from '../../builders/fakeSuspicion.ts';
import { aNode } from '../../builders/nodeObjects.ts';
import { aPod } from '../../builders/podObjects.ts';
import { drop, put, storesWith } from '../../builders/stores.ts';
import { nodesOf, silent } from '../../builders/watching.ts';

const unheard = (): void => assert.fail('it is not to be called');
const heedless = {
  suspicion: new FakeSuspicion(),
  memory: new FirstSeen(),
  clock: new FakeClock(),
  onShift: unheard,
  onDoubt: unheard,
};
const every = newestKind({ spec: { containers: [] } });
const grill = aKey('food/pizzeria-grill');
const reading: PoolReading = {
  enoughNodes: 1,
  waitsForRoom: false,
  mayTakeRisk: false,
  isCrowded: false,
  heedsDoubt: true,
};

describe('the watched fleet', () => {
  it('follows nodes, suspicions and time, until it is stopped', async () => {
    const clock = new FakeClock();
    const stores = storesWith(aNode({ name: 'a-1', zone: 'a' }));
    const suspicion = new FakeSuspicion();
    let told: readonly Key[] = [];
    const onShift = (keys: readonly Key[]): void => void (told = [...told, ...keys]);
    const { fleet, stop } = watchFleet({ ...heedless, stores, suspicion, clock, onShift });
    const { nodes } = fleet.pool('a' as ZoneName, every);
    const states = (): readonly string[] => [...nodes].map(({ object, state }) => `${object.name} ${state}`);
    assert.deepEqual(states(), ['a-1 healthy']);
    put(stores, aNode({ name: 'a-2', zone: 'a', ready: 'False', readyAt: 500 }));
    assert.deepEqual(states(), ['a-1 healthy', 'a-2 healthy']);
    await clock.advance(10_000);
    assert.deepEqual(states(), ['a-1 healthy', 'a-2 lost']);
    suspicion.suspect(['a-1'], 'gone');
    assert.deepEqual(states(), ['a-2 lost', 'a-1 suspect']);
    drop(stores, aNode({ name: 'a-2', zone: 'a' }));
    assert.deepEqual(states(), ['a-1 suspect']);
    fleet.looked(grill, [fleet.pool('a' as ZoneName, every)], reading);
    suspicion.suspect([]);
    assert.deepEqual(told, ['food/pizzeria-grill']);
    put(stores, aNode({ name: 'a-3', zone: 'a', ready: 'False', readyAt: 500 }));
    stop();
    assert.deepEqual([clock.pending, suspicion.listeners], [0, 0]);
    put(stores, aNode({ name: 'a-4', zone: 'a' }));
    assert.deepEqual(states(), ['a-1 healthy', 'a-3 healthy']);
  });

  describe('tells stations that make pods when a doubt begins and ends', () => {
    let told: readonly Key[];
    let suspicion: FakeSuspicion;
    const watched = (...objects: readonly object[]): WritableStores => {
      told = [];
      const stores = storesWith(...objects);
      suspicion = new FakeSuspicion();
      const onDoubt = (keys: readonly Key[]): void => void (told = [...told, ...keys]);
      const { fleet } = watchFleet({ ...heedless, stores, suspicion, onShift: () => undefined, onDoubt });
      fleet.looked(grill, [fleet.pool('a' as ZoneName, every)], reading);
      return stores;
    };

    it('by Leases', () => {
      watched(...nodesOf('a', 2));
      const tolds = [['a-1'], ['a-1', 'a-2'], ['a-2'], []].map((names) => {
        suspicion.silent(15_000, ...names);
        return told.length;
      });
      assert.deepEqual(tolds, [0, 1, 2, 2]);
    });

    it('by pods on a lost node', () => {
      const stores = watched(
        ...nodesOf('a', 3),
        aPod({ name: 'one', node: 'a-1' }),
        aPod({ name: 'two', node: 'a-1' }),
      );
      put(stores, aNode({ name: 'a-1', zone: 'a', ...silent }));
      assert.deepEqual(told, [grill]);
      put(stores, aPod({ name: 'one', node: 'a-1', readyAt: false }));
      assert.deepEqual(told, [grill], 'the other is still to be told');
      put(stores, aPod({ name: 'two', node: 'a-1', readyAt: false }));
      assert.deepEqual(told, [grill, grill]);
      drop(stores, aPod({ name: 'one', node: 'a-1', readyAt: false }));
      put(stores, aPod({ name: 'three', node: 'a-2' }), aPod({ name: 'three', node: 'a-2', readyAt: false }));
      assert.deepEqual(told, [grill, grill]);
    });
  });

  it('takes a heartbeat for no change', () => {
    const stores = storesWith(aNode({ heartbeatAt: 1 }));
    const { fleet } = watchFleet({ ...heedless, stores });
    const before = fleet.find('node-a1');
    put(stores, aNode({ heartbeatAt: 2 }));
    assert.equal(fleet.find('node-a1'), before);
  });
});

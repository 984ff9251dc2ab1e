import assert from 'node:assert/strict';
import type { Key } from '../../../operator/api/kubernetes/key.ts';
import type { ZoneName } from '../../../operator/api/zone.ts';
import { FirstSeen } from '../../../operator/engine/memory.ts';
import { newestKind } from '../../../operator/observe/nodes/podKind.ts';
import { watchFleet } from '../../../operator/observe/nodes/watchFleet.ts';
import { aKey } from '../../builders/aKey.ts';
import { FakeClock } from '../../builders/fakeClock.ts';
import { aNode } from '../../builders/nodeObjects.ts';
import { drop, put, storesWith } from '../../builders/stores.ts';

const unheard = (): void => assert.fail('it is not to be called');

describe('the watched fleet', () => {
  it('follows nodes, suspicions and time, until it is stopped', async () => {
    const clock = new FakeClock();
    const stores = storesWith(aNode({ name: 'a-1', zone: 'a' }));
    const suspects = new Map<string, number>();
    let flip: (names: readonly string[]) => void = unheard;
    const suspicion = { suspects, onFlip: (listener: typeof flip) => ((flip = listener), () => (flip = unheard)) };
    let told: readonly Key[] = [];
    const onShift = (keys: readonly Key[]): void => void (told = [...told, ...keys]);
    const { fleet, stop } = watchFleet({ stores, suspicion, memory: new FirstSeen(), clock, onShift });
    const { nodes } = fleet.pool('a' as ZoneName, newestKind({ spec: { containers: [] } }));
    const states = (): readonly string[] => [...nodes].map(({ object, state }) => `${object.name} ${state}`);
    assert.deepEqual(states(), ['a-1 healthy']);
    put(stores, aNode({ name: 'a-2', zone: 'a', ready: 'False', readyAt: 500 }));
    assert.deepEqual(states(), ['a-1 healthy', 'a-2 healthy']);
    await clock.advance(10_000);
    assert.deepEqual(states(), ['a-1 healthy', 'a-2 lost']);
    suspects.set('a-1', 400);
    flip(['a-1', 'gone']);
    assert.deepEqual(states(), ['a-2 lost', 'a-1 suspect']);
    drop(stores, aNode({ name: 'a-2', zone: 'a' }));
    assert.deepEqual(states(), ['a-1 suspect']);
    fleet.looked(aKey('food/pizzeria-grill'), [fleet.pool('a' as ZoneName, newestKind({ spec: { containers: [] } }))], {
      enoughNodes: 1,
      waitsForRoom: false,
      mayTakeRisk: false,
      isCrowded: false,
    });
    suspects.clear();
    flip(['a-1']);
    assert.deepEqual(told, ['food/pizzeria-grill']);
    put(stores, aNode({ name: 'a-3', zone: 'a', ready: 'False', readyAt: 500 }));
    stop();
    assert.deepEqual([clock.pending, flip], [0, unheard]);
    put(stores, aNode({ name: 'a-4', zone: 'a' }));
    assert.deepEqual(states(), ['a-1 healthy', 'a-3 healthy']);
  });

  it('takes a heartbeat for no change', () => {
    const stores = storesWith(aNode({ heartbeatAt: 1 }));
    const suspicion = { suspects: new Map<string, number>(), onFlip: () => () => undefined };
    const options = { stores, suspicion, memory: new FirstSeen(), clock: new FakeClock(), onShift: unheard };
    const { fleet } = watchFleet(options);
    const before = fleet.find('node-a1');
    put(stores, aNode({ heartbeatAt: 2 }));
    assert.equal(fleet.find('node-a1'), before);
  });
});

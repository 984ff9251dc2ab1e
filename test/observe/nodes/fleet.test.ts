import assert from 'node:assert/strict';
import type { Key } from '../../../operator/api/kubernetes/key.ts';
import { ANYWHERE } from '../../../operator/api/zone.ts';
import type { ZoneName } from '../../../operator/api/zone.ts';
import { FirstSeen } from '../../../operator/engine/memory.ts';
import { Fleet } from '../../../operator/observe/nodes/fleet.ts';
import type { PodKind } from '../../../operator/observe/nodes/podKind.ts';
import { newestKind } from '../../../operator/observe/nodes/podKind.ts';
import type { SharedPool } from '../../../operator/observe/nodes/sharedPool.ts';
import { projectNode } from '../../../operator/observe/project.ts';
import { aKey } from '../../builders/aKey.ts';
import { aNode } from '../../builders/nodeObjects.ts';
import type { NodeParts } from '../../builders/nodeObjects.ts';

const [a, b] = ['a', 'b'] as ZoneName[] as [ZoneName, ZoneName];
const every = newestKind({ spec: { containers: [] } });
const reading = { enoughNodes: 1, waitsForRoom: false, mayTakeRisk: false, isCrowded: false, heedsDoubt: false };

function fleetOf(...nodes: readonly NodeParts[]): Fleet {
  const fleet = new Fleet([], { memory: new FirstSeen(), suspects: () => new Map() });
  for (const parts of nodes) fleet.put(projectNode(aNode(parts)));
  fleet.settle(0);
  return fleet;
}

function put(fleet: Fleet, nowMs: number, parts: NodeParts): void {
  fleet.put(projectNode(aNode(parts)));
  fleet.settle(nowMs);
}

function namesIn({ nodes }: SharedPool): readonly string[] {
  return [...nodes].map(({ object }) => object.name);
}

describe('a fleet of nodes', () => {
  it('has a pool for each zone and kind of pods, and one for the whole cluster', () => {
    const fleet = fleetOf({ name: 'a-1', zone: 'a' }, { name: 'b-1', zone: 'b', labels: { pool: 'blue' } });
    const blue = newestKind({ spec: { containers: [], nodeSelector: { pool: 'blue' } } });
    assert.deepEqual([...fleet.zones], ['a', 'b']);
    assert.deepEqual([namesIn(fleet.pool(a, every)), namesIn(fleet.pool(b, every))], [['a-1'], ['b-1']]);
    assert.deepEqual([namesIn(fleet.pool(a, blue)), namesIn(fleet.pool(b, blue))], [[], ['b-1']]);
    assert.deepEqual(namesIn(fleet.pool(ANYWHERE, every)), ['a-1', 'b-1']);
  });

  it('has one pool for templates that differ in nothing that matters to nodes', () => {
    const fleet = fleetOf({ name: 'a-1', zone: 'a' });
    const alike = newestKind({ metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'other' }] } });
    assert.equal(fleet.pool(a, alike), fleet.pool(a, every));
    const tolerant = newestKind({ spec: { containers: [], tolerations: [{ operator: 'Exists' }] } });
    assert.notEqual(fleet.pool(a, tolerant), fleet.pool(a, every));
  });

  it('moves a node to the zone of its new label, and drops one that is gone', () => {
    const fleet = fleetOf({ name: 'a-1', zone: 'a' }, { name: 'a-2', zone: 'a' });
    const pools = [a, b, ANYWHERE].map((zone) => fleet.pool(zone, every));
    put(fleet, 1_000, { name: 'a-1', zone: 'b' });
    assert.deepEqual(pools.map(namesIn), [['a-2'], ['a-1'], ['a-2', 'a-1']]);
    fleet.drop('a-2');
    fleet.settle(2_000);
    assert.deepEqual(pools.map(namesIn), [[], ['a-1'], ['a-1']]);
    assert.deepEqual([[...fleet.zones], fleet.find('a-2')], [['b'], undefined]);
  });

  it('judges a node that is not Ready again when it has been so for 10 s', () => {
    const fleet = fleetOf({ name: 'a-1', zone: 'a' });
    const { nodes } = fleet.pool(a, every);
    assert.equal(fleet.turnsAtMs, Infinity);
    put(fleet, 5_000, { name: 'a-1', zone: 'a', ready: 'False', readyAt: 500 });
    assert.deepEqual([nodes.healthy, fleet.turnsAtMs], [1, 15_000]);
    fleet.settle(14_999);
    assert.equal(nodes.healthy, 1);
    fleet.settle(15_000);
    assert.deepEqual([nodes.healthy, nodes.down, fleet.turnsAtMs], [0, 1, Infinity]);
  });

  it('tells of changes the stations that looked, each once, and of a new zone all of them', () => {
    const fleet = fleetOf({ name: 'a-1', zone: 'a' });
    const told: (readonly Key[])[] = [];
    fleet.onShift = (keys) => told.push(keys);
    const [one, other] = [aKey('food/one'), aKey('food/other')];
    fleet.looked(one, [fleet.pool(a, every), fleet.pool(ANYWHERE, every)], reading);
    fleet.looked(other, [], reading);
    put(fleet, 1_000, { name: 'a-1', zone: 'a', ready: 'Unknown', readyAt: 500 });
    put(fleet, 2_000, { name: 'b-1', zone: 'b' });
    assert.deepEqual(told, [[one], [one, other]]);
    fleet.forget(one);
    put(fleet, 3_000, { name: 'a-1', zone: 'a', readyAt: 900 });
    assert.equal(told.length, 2);
  });

  it('keeps some pools that no station looks at, and builds others again when they are asked for', () => {
    const fleet = fleetOf({ name: 'a-1', zone: 'a' });
    let asked = 0;
    const kind = (key: string): PodKind => ({ ...every, key, takes: () => (asked += 1) > 0 });
    const first = fleet.pool(a, kind('first'));
    for (let each = 0; each < 300; each++) {
      fleet.looked(aKey('food/one'), [fleet.pool(a, kind(`kind ${each}`))], reading);
    }
    assert.notEqual(fleet.pool(a, kind('first')), first);
    const before = asked;
    put(fleet, 1_000, { name: 'a-1', zone: 'a', unschedulable: true });
    assert.ok(asked - before <= 202, `${asked - before} pools followed the node`);
  });

  it('finds words about the nodes of a zone once, until one of them changes', () => {
    const fleet = fleetOf({ name: 'a-1', zone: 'a' }, { name: 'b-1', zone: 'b' });
    let found = 0;
    const say = (): string => fleet.said(a, 'unfit', () => `found ${(found += 1)}`);
    assert.deepEqual([say(), say()], ['found 1', 'found 1']);
    put(fleet, 1_000, { name: 'b-1', zone: 'b', unschedulable: true });
    assert.equal(say(), 'found 1');
    put(fleet, 2_000, { name: 'a-1', zone: 'a', unschedulable: true });
    assert.equal(say(), 'found 2');
  });
});

import assert from 'node:assert/strict';
import { FirstSeen } from '../../../operator/engine/memory.ts';
import { observeZones } from '../../../operator/observe/station/zoneHistory.ts';
import type { ZoneName } from '../../../operator/api/zone.ts';
import type { ZoneSighting } from '../../../operator/observe/station/zoneSighting.ts';
import { NodePool } from '../../../operator/observe/nodes/nodePool.ts';
import { aStation } from '../../builders/kitchen.ts';
import { aNode } from '../../builders/nodeObjects.ts';
import type { NodeParts } from '../../builders/nodeObjects.ts';
import { deploymentsIn, nodesOf, silent, Watching } from '../../builders/watching.ts';

const cordoned: NodeParts = { unschedulable: true };

/** The zones a and b with their Deployments; a has so many nodes, b one. */
function aAndB(nodes: number): Watching {
  return new Watching([...deploymentsIn('a', 'b'), ...nodesOf('a', nodes), ...nodesOf('b', 1)]);
}

/** These nodes of zone a are as told from now on. */
function now(watching: Watching, parts: NodeParts, ...numbers: readonly number[]): Watching {
  return watching.put(...numbers.map((each) => aNode({ name: `a-${each}`, zone: 'a', ...parts })));
}

describe('a failing zone', () => {
  it('is seen while more than half of its nodes are lost', () => {
    const watching = aAndB(5);
    assert.equal(watching.zone('a', 0).state, 'live');
    now(watching, silent, 1);
    assert.equal(watching.zone('a', 1_000).state, 'live');
    now(watching, silent, 2, 3);
    assert.equal(watching.zone('a', 9_000).state, 'failing');
    assert.equal(watching.zone('a', 3_600_000).state, 'failing');
    assert.equal(watching.zone('b', 3_600_000).state, 'live');
  });

  it('is not a zone that lost its nodes one after the other', () => {
    const watching = aAndB(5);
    watching.look(0);
    [1, 2, 3].forEach((each) => now(watching, silent, each).look(each * 8_000));
    assert.equal(watching.zone('a', 60_000).state, 'live');
  });

  it('lost its nodes when they turned suspect, not when they were called lost', () => {
    const watching = aAndB(5);
    for (const each of [1, 2, 3]) watching.suspects.set(`a-${each}`, 400);
    assert.equal(watching.zone('a', 0).state, 'failing');
    now(watching, silent, 1).look(5_000);
    assert.equal(now(watching, silent, 1, 2).zone('a', 60_000).state, 'failing');
    assert.equal(now(watching, silent, 3).zone('a', 60_001).state, 'failing');
  });

  it('is lost when the rest goes too', () => {
    const watching = now(aAndB(3), silent, 1, 2);
    assert.equal(watching.zone('a', 0).state, 'failing');
    assert.equal(now(watching, silent, 3).zone('a', 40_000).state, 'lost');
  });

  it('is failing with the rest of its nodes leaving', () => {
    assert.equal(now(now(aAndB(3), silent, 1, 2), cordoned, 3).zone('a', 0).state, 'failing');
  });

  it('returns when half of its nodes are back, and when the lost ones are deleted', () => {
    for (const end of ['healed', 'deleted']) {
      const watching = now(aAndB(5), silent, 1, 2, 3);
      watching.look(0, 1_000);
      if (end === 'healed') now(watching, { readyAt: 900 }, 3);
      else watching.drop(...nodesOf('a', 3));
      assert.equal(watching.zone('a', 300_000).state, 'returning', end);
      assert.equal(watching.zone('a', 419_999).state, 'returning', end);
      assert.equal(watching.zone('a', 420_000).state, 'live', end);
    }
  });
});

describe('a returning zone', () => {
  it('was lost, and is live 2 min after it was first seen well', () => {
    const watching = now(aAndB(2), silent, 1, 2);
    assert.equal(watching.zone('a', 0, 60_000).state, 'lost');
    now(watching, { readyAt: 900 }, 1);
    assert.equal(watching.zone('a', 70_000).state, 'returning');
    assert.equal(watching.look(100_000).lookAgainMs, 90_000);
    assert.equal(watching.zone('a', 189_999).state, 'returning');
    assert.equal(watching.zone('a', 190_000).state, 'live');
    assert.equal(watching.look(190_000).lookAgainMs, undefined);
  });

  it('is none that fails because its nodes come back one after another', () => {
    const watching = now(aAndB(3), silent, 1, 2, 3);
    assert.equal(watching.zone('a', 0, 60_000).state, 'lost');
    assert.equal(now(watching, { readyAt: 900 }, 1).zone('a', 70_000, 71_000).state, 'returning');
    assert.equal(now(watching, { readyAt: 905 }, 2).zone('a', 75_000).state, 'returning');
    assert.equal(watching.zone('a', 190_000).state, 'live');
  });

  it('fails when more than half of it stays down, or goes down again', () => {
    const watching = now(aAndB(3), silent, 1, 2, 3);
    assert.equal(watching.zone('a', 0, 60_000).state, 'lost');
    assert.equal(now(watching, { readyAt: 900 }, 1).zone('a', 70_000, 189_999).state, 'returning');
    assert.equal(watching.zone('a', 190_000).state, 'failing');
    assert.equal(now(watching, { readyAt: 905 }, 2, 3).zone('a', 200_000).state, 'returning');
    assert.equal(now(watching, silent, 2, 3).zone('a', 210_000).state, 'failing');
  });

  it('counts from 0 again when it is lost again in between', () => {
    const watching = now(aAndB(1), silent, 1);
    watching.look(0);
    assert.equal(now(watching, { readyAt: 900 }, 1).zone('a', 10_000, 100_000).state, 'returning');
    assert.equal(now(watching, silent, 1).zone('a', 110_000).state, 'lost');
    assert.equal(now(watching, { readyAt: 990 }, 1).zone('a', 120_000, 239_999).state, 'returning');
    assert.equal(watching.zone('a', 240_000).state, 'live');
  });

  it('is one whose nodes were deleted and made again', () => {
    const watching = aAndB(2);
    watching.look(0);
    assert.equal(watching.drop(...nodesOf('a', 2)).zone('a', 1_000).state, 'lost');
    assert.equal(watching.put(...nodesOf('a', 1, { uid: 'another' })).zone('a', 2_000).state, 'returning');
  });

  it('is none merely because the operator started', () => {
    const watching = now(aAndB(3), silent, 1, 2, 3);
    watching.look(0);
    now(watching, { readyAt: 900 }, 1, 2, 3);
    assert.equal(watching.zone('a', 1_000).state, 'returning');
    assert.equal(watching.restart().zone('a', 2_000).state, 'live');
  });

  it('is not a zone that had nothing of ours, lost or never seen', () => {
    const station = aStation({ zones: ['a', 'b', 'c'] });
    const watching = new Watching([station, ...nodesOf('a', 1, silent), ...nodesOf('b', 1)]);
    assert.deepEqual([watching.zone('a', 0).state, watching.zone('c', 0).state], ['lost', 'absent']);
    now(watching, { readyAt: 900 }, 1).put(...nodesOf('c', 1));
    assert.deepEqual([watching.zone('a', 1_000).state, watching.zone('c', 1_000).state], ['live', 'live']);
  });
});

describe('a lost zone', () => {
  it('has none but suspect nodes', () => {
    const watching = aAndB(2);
    watching.suspects.set('a-1', 400);
    assert.equal(watching.zone('a', 0).state, 'live');
    watching.suspects.set('a-2', 400);
    assert.equal(watching.zone('a', 1_000).state, 'lost');
    watching.suspects.clear();
    assert.equal(watching.zone('a', 2_000).state, 'returning');
  });
});

describe('the memory of zones', () => {
  const sighting: ZoneSighting = {
    name: 'a' as ZoneName,
    standing: 'fixed',
    nodes: new NodePool(),
    hasDeployment: true,
    carrying: [],
    isBarred: false,
    movedTo: [],
    lastNodes: [],
  };

  it('is one subject a station, and holds nothing while all is well', () => {
    const memory = new FirstSeen();
    observeZones([sighting, { ...sighting, name: 'b' as ZoneName }], 'one', { memory, nowMs: 0 });
    observeZones([sighting], 'two', { memory, nowMs: 0 });
    assert.equal(memory.size, 2);
    for (const stationUid of ['one', 'two']) {
      observeZones([{ ...sighting, hasDeployment: false }], stationUid, { memory, nowMs: 1_000 });
    }
    assert.equal(memory.size, 0);
  });

  it('forgets a zone that is no longer looked at', () => {
    const memory = new FirstSeen();
    observeZones([sighting], 'one', { memory, nowMs: 0 });
    observeZones([], 'one', { memory, nowMs: 1_000 });
    assert.equal(memory.size, 0);
  });
});

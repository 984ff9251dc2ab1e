import assert from 'node:assert/strict';
import { aDeployment } from '../../builders/childObjects.ts';
import { aNode } from '../../builders/nodeObjects.ts';
import { aPod } from '../../builders/podObjects.ts';
import type { RawObject } from '../../builders/objects.ts';
import type { PodParts } from '../../builders/podObjects.ts';
import { deploymentsIn, nodesOf, silent, Watching } from '../../builders/watching.ts';

const noRoom = '0/2 nodes are available: 2 Insufficient cpu.';

/** The first pod of a zone; without a node as long as `unschedulable` says why. */
function podIn(zone: string, parts: PodParts = {}): RawObject {
  return aPod({ name: `pizzeria-grill-${zone}-rs1-1`, zone, node: `${zone}-1`, ...parts });
}

/** Zones a and b with a node each, and a pod that finds no room in those named. */
function withoutRoomIn(...zones: readonly string[]): Watching {
  const pending = zones.map((zone) => podIn(zone, { unschedulable: noRoom }));
  return new Watching([...deploymentsIn('a', 'b'), ...nodesOf('a', 1), ...nodesOf('b', 1), ...pending]);
}

describe('a full zone', () => {
  it('has a pod that found no room for 15 s, and tells the scheduler’s words', () => {
    const watching = withoutRoomIn('a');
    assert.equal(watching.look(0).lookAgainMs, 15_000);
    assert.equal(watching.zone('a', 14_999).full, undefined);
    assert.equal(watching.zone('a', 15_000).full, noRoom);
    assert.equal(watching.zone('b', 15_000).full, undefined);
  });

  it('is believed only when the scheduler has had time to try a node that came since', () => {
    const watching = withoutRoomIn('a');
    watching.look(0);
    watching.put(aNode({ name: 'a-2', zone: 'a' }));
    assert.equal(watching.zone('a', 12_000, 15_000).full, undefined);
    assert.equal(watching.look(26_999).lookAgainMs, 1);
    assert.equal(watching.zone('a', 27_000).full, noRoom);
  });

  it('is no longer full when the pod got a node, or is being deleted', () => {
    for (const parts of [{ readyAt: false }, { unschedulable: noRoom, deleting: true }] as const) {
      const watching = withoutRoomIn('a');
      watching.look(0, 15_000);
      assert.equal(watching.put(podIn('a', parts)).zone('a', 16_000).full, undefined);
    }
  });

  it('has a Deployment that cannot make pods, and tells why, without the name that the pod would have had', () => {
    for (const name of ['pizzeria-grill-a-rs1-', 'pizzeria-grill-a-rs1-x2b4c']) {
      const message = `pods "${name}" is forbidden: exceeded quota: pods=4`;
      const conditions = [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message }];
      const watching = new Watching([aDeployment({ status: { conditions } }), aNode()]);
      assert.equal(watching.zone('zone-a', 0).full, 'pods "pizzeria-grill-a-rs1" is forbidden: exceeded quota: pods=4');
      assert.equal(watching.look(0).fullMs, 0);
    }
  });

  it('has a slow pod, and tells which', () => {
    const watching = withoutRoomIn().put(podIn('a', { readyAt: false }), podIn('b'));
    assert.equal(watching.zone('a', 0, 179_999).full, undefined);
    assert.equal(
      watching.zone('a', 180_000).full,
      'pizzeria-grill-a-rs1-1 is not Ready on a-1 after 180 s, three times the start-up time',
    );
  });
});

describe('the age of the set of full zones', () => {
  it('is Infinity while none has been full since the operator started', () => {
    const watching = withoutRoomIn('a');
    assert.equal(watching.look(0).fullMs, Infinity);
    assert.equal(watching.look(14_999).fullMs, Infinity);
    assert.equal(watching.look(15_000).fullMs, 0);
    assert.equal(watching.restart().look(16_000).fullMs, Infinity);
  });

  it('asks to look again when it reaches a minute', () => {
    const watching = withoutRoomIn('a');
    assert.equal(watching.look(0, 15_000).lookAgainMs, 60_000);
    assert.equal(watching.look(74_999).lookAgainMs, 1);
    const after = watching.look(75_000);
    assert.deepEqual([after.fullMs, after.lookAgainMs], [60_000, undefined]);
  });

  it('begins again when another zone is full, and when none is', () => {
    const watching = withoutRoomIn('a');
    assert.equal(watching.look(0, 15_000, 30_000).fullMs, 15_000);
    watching.put(podIn('b', { unschedulable: noRoom })).look(40_000);
    assert.equal(watching.look(54_999).fullMs, 39_999);
    assert.equal(watching.look(55_000).fullMs, 0);
    watching.put(podIn('a', { readyAt: false }), podIn('b', { readyAt: false }));
    assert.equal(watching.look(90_000).fullMs, 0);
    assert.equal(watching.look(100_000).fullMs, 10_000);
    assert.equal(watching.look(3_600_000).fullMs, 3_510_000);
  });

  it('counts no lost zones, and no zones that are no longer declared', () => {
    const lost = withoutRoomIn('a').put(...nodesOf('a', 1, silent));
    assert.equal(lost.look(0, 15_000).fullMs, Infinity);
    const left = new Watching([...deploymentsIn('a'), ...nodesOf('a', 1), aDeployment({ zone: 'b', metadata: ofB })]);
    left.put(podIn('b', { unschedulable: noRoom }));
    assert.deepEqual([left.zone('b', 0, 15_000).full, left.look(15_000).fullMs], [noRoom, Infinity]);
  });
});

const ofB = { annotations: { 'kitchen.dev/zone': 'b', 'kitchen.dev/zones': '["a"]' } };

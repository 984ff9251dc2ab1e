import assert from 'node:assert/strict';
import type { ZoneView } from '../../../operator/model/zone.ts';
import { aDeployment } from '../../builders/childObjects.ts';
import { aNode } from '../../builders/nodeObjects.ts';
import { aPod } from '../../builders/podObjects.ts';
import type { RawObject } from '../../builders/objects.ts';
import type { PodParts } from '../../builders/podObjects.ts';
import { Watching } from '../../builders/watching.ts';

const refused = { conditions: [{ type: 'ReplicaFailure', status: 'True', message: 'no' }] };

/** A pod that its kubelet did not admit, made so many seconds after the epoch. */
function rejected(createdAt: number, parts: PodParts = {}): RawObject {
  const name = `pizzeria-grill-zone-a-rs2-${createdAt}`;
  const why = { phase: 'Failed', reason: 'OutOfcpu', message: 'Node did not have enough cpu' };
  return aPod({ name, hash: 'rs2', createdAt, readyAt: false, ...why, ...parts });
}

function watching(...pods: readonly RawObject[]): Watching {
  return new Watching([aNode(), aDeployment(), aPod(), ...pods]);
}

function failing(of: Watching, ...momentsMs: readonly number[]): ZoneView['failing'] {
  return of.zone('zone-a', ...momentsMs).failing;
}

describe('a pod that ended as Failed', () => {
  it('counts nowhere, on no node', () => {
    const { pods, nodes } = watching(rejected(30), rejected(31)).zone('zone-a', 0);
    assert.deepEqual([pods.length, nodes.count], [1, 1]);
  });

  it('is told of together with two more that were made within a minute of it', () => {
    assert.equal(failing(watching(rejected(30), rejected(31)), 0), undefined);
    assert.deepEqual(failing(watching(rejected(30), rejected(31), rejected(90)), 0), undefined);
    assert.deepEqual(failing(watching(rejected(30), rejected(31), rejected(89)), 0), {
      replicaSet: 'rs2',
      reason: 'OutOfcpu',
      message: 'Node did not have enough cpu',
      ageMs: 0,
      newestMs: 0,
    });
  });

  it('goes on failing with each one made after it, and has stopped a minute after the last', () => {
    const seen = watching(rejected(30), rejected(31), rejected(32));
    assert.equal(seen.look(0).lookAgainMs, 10_000);
    seen.look(5_000);
    seen.put(rejected(40));
    const { ageMs, newestMs } = failing(seen, 8_000, 12_000) ?? {};
    assert.deepEqual([ageMs, newestMs], [12_000, 4_000]);
    assert.equal(failing(seen, 67_999)?.newestMs, 59_999);
    assert.equal(failing(seen, 68_000), undefined);
    assert.equal(failing(seen, 600_000), undefined);
  });

  it('is left out where it made way: its node was short of something or shut down', () => {
    const away = [30, 31, 32].map((seconds) => rejected(seconds, { disrupted: true }));
    assert.equal(failing(watching(...away), 0), undefined);
  });

  it('is one of its own template, of which others may fail as well', () => {
    const others = [30, 31].map((seconds) => rejected(seconds, { hash: 'rs1' }));
    assert.equal(failing(watching(...others, rejected(32)), 0), undefined);
  });

  it('starts a pass of its station, which does not look at each of thousands of them', () => {
    const many = Array.from({ length: 2000 }, (_, index) => rejected(100 + index));
    const seen = watching(...many);
    assert.equal(failing(seen, 0)?.reason, 'OutOfcpu');
    assert.equal(seen.stores.pods.byIndex('station', 'food/pizzeria-grill').length, 1);
  });
});

describe('pods that are not made', () => {
  it('have not been for as long as it is seen, for the template that is running', () => {
    const seen = watching().put(aDeployment({ status: refused }));
    assert.equal(seen.zone('zone-a', 0, 30_000).notMadeMs, 30_000);
    assert.equal(seen.look(30_000).lookAgainMs, 30_000);
    const annotations = { 'kitchen.dev/zone': 'zone-a', 'kitchen.dev/template': 'template-2' };
    seen.put(aDeployment({ status: refused, metadata: { annotations } }));
    assert.equal(seen.zone('zone-a', 40_000).notMadeMs, 0);
    seen.put(aDeployment());
    assert.equal(seen.zone('zone-a', 50_000).notMadeMs, undefined);
  });
});

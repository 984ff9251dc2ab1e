import assert from 'node:assert/strict';
import type { Snapshot } from '../../../operator/model/snapshot.ts';
import type { PodView } from '../../../operator/model/pod.ts';
import { countsAfterMs, diesFirst, ours, pictureOf } from '../../../operator/plan/station/picture.ts';
import { count } from '../../../operator/model/words.ts';
import {
  after,
  addPod,
  cordon,
  deployment,
  loseNode,
  loseZone,
  pods,
  removeNode,
  zone,
} from '../../builders/changes.ts';
import { served } from '../../builders/served.ts';
import { aDeploymentView, aPodView } from '../../builders/snapshot.ts';

const three = { nodes: 3, pods: 3 };
const whole = served({
  demand: 6,
  survive: { zones: 1 },
  zones: { 'zone-a': three, 'zone-b': three, 'zone-c': three },
});

function inZoneA(snapshot: Snapshot) {
  return pictureOf(snapshot).zones[0]!;
}

describe('the picture of a station', () => {
  it('has R, its share a zone, A and r', () => {
    const { target, demand, zones } = pictureOf(whole);
    assert.deepEqual([demand, target], [6, 9]);
    for (const { wanted, replicas, alive, owed, rolling } of zones) {
      assert.deepEqual([wanted, replicas, alive.length, owed.length, rolling], [3, 3, 3, 0, false]);
    }
  });

  it('leaves zones that are not declared and zones without a node out of the target', () => {
    const fewer = after(
      whole,
      zone('zone-c', (each) => ({ ...each, declared: false })),
    );
    assert.deepEqual(
      pictureOf(fewer).zones.map(({ wanted }) => wanted),
      [6, 6, 0],
    );
    const absent = after(
      whole,
      zone('zone-c', (each) => ({ ...each, state: 'absent' })),
    );
    assert.deepEqual(
      pictureOf(absent).zones.map(({ wanted }) => wanted),
      [6, 6, 0],
    );
  });

  it('leaves a lost zone as it is, spends one zone of the declaration on it, and owes nothing there', () => {
    const picture = pictureOf(after(whole, loseZone('zone-b'), deployment('zone-b', { replicas: 5 })));
    assert.deepEqual(
      picture.zones.map(({ wanted }) => wanted),
      [3, 5, 3],
    );
    assert.deepEqual(
      picture.zones.map(({ owed }) => owed.length),
      [0, 0, 0],
    );
    assert.equal(picture.reachableTarget, 6);
  });

  it('owes the pods of a lost zone that is no longer declared: it may be emptied', () => {
    const left = after(
      whole,
      loseZone('zone-b'),
      zone('zone-b', (each) => ({ ...each, declared: false })),
    );
    assert.equal(pictureOf(left).zones[1]?.owed.length, 3);
    assert.equal(pictureOf(left).zones[1]?.wanted, 0);
  });

  it('wants no more pods for a lost or a leaving node, which stay nodes', () => {
    const nodes = served({ demand: 8, survive: { nodes: 1 }, zones: { 'zone-a': { nodes: 5, pods: 10 } } });
    assert.equal(pictureOf(nodes).target, 10);
    assert.equal(pictureOf(after(nodes, loseNode('zone-a-1'))).target, 10);
    assert.equal(pictureOf(after(nodes, loseNode('zone-a-1'), cordon('zone-a-2'))).target, 10);
    assert.equal(pictureOf(after(nodes, removeNode('zone-a-1'))).target, 11);
  });

  it('does not count pods that are being deleted as alive', () => {
    assert.equal(
      inZoneA(
        after(
          whole,
          pods(({ name }) => name === 'zone-a-pod-1', { state: 'deleting' }),
        ),
      ).alive.length,
      2,
    );
  });

  it('sees a rollout in pods of two ReplicaSets, and in fewer new pods than there are', () => {
    assert.equal(inZoneA(after(whole, addPod('zone-a', { name: 'new', replicaSet: 'rs2' }))).rolling, true);
    assert.equal(inZoneA(after(whole, deployment('zone-a', { updatedReplicas: 0 }))).rolling, true);
  });

  it('has a zone without Deployment rolling nowhere', () => {
    const { rolling, replicas } = inZoneA(
      after(
        whole,
        zone('zone-a', (each) => ({ ...each, deployment: { state: 'absent' } })),
      ),
    );
    assert.deepEqual([rolling, replicas], [false, 0]);
  });
});

describe('how long until a pod counts', () => {
  const slow = aDeploymentView({ minReadyMs: 10_000 });
  const table: readonly (readonly [string, Partial<PodView>, number])[] = [
    ['at once when it has been Ready and served for long', {}, 0],
    ['when it has been Ready for minReadySeconds', { readyMs: 4_000 }, 6_000],
    ['3 s after it is served', { servedMs: 1_000 }, 2_000],
    ['never while no EndpointSlice lists it', { servedMs: undefined }, Infinity],
    ['never while it carries a mark', { marked: true }, Infinity],
    ['never while it starts', { state: 'starting' }, Infinity],
    ['never on a leaving node', { state: 'leaving' }, Infinity],
  ];
  for (const [name, over, expected] of table) {
    it(name, () => assert.equal(countsAfterMs(aPodView({ readyMs: 60_000, ...over }), slow, true), expected));
  }

  it('asks for no EndpointSlice of a station without ports, and for no time without a Deployment', () => {
    assert.equal(countsAfterMs(aPodView({ readyMs: 0, servedMs: undefined }), undefined, false), 0);
  });
});

describe('the words of the picture', () => {
  it('counts things', () =>
    assert.deepEqual([count(1, 'pod'), count(2, 'zone'), count(0, 'node')], ['1 pod', '2 zones', '0 nodes']));
  it('knows what is ours', () => {
    assert.equal(ours({ state: 'absent' }), undefined);
    assert.equal(ours({ state: 'taken', name: 'x', by: 'y' }), undefined);
    assert.equal(ours(aDeploymentView())?.state, 'ours');
  });
  it('knows who dies first', () => {
    assert.deepEqual([aPodView(), aPodView({ marked: true }), aPodView({ state: 'starting' })].map(diesFirst), [
      false,
      true,
      true,
    ]);
  });
});

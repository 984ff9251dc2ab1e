import assert from 'node:assert/strict';
import type { Snapshot } from '../../../operator/model/snapshot.ts';
import { pictureOf } from '../../../operator/plan/station/picture.ts';
import { surgeUnderWay } from '../../../operator/plan/station/rules/rollOut.ts';
import { surgeOf } from '../../../operator/plan/station/room.ts';
import { addPod, after, deployment, loseZone, named, pods, zone } from '../../builders/changes.ts';
import { served } from '../../builders/served.ts';

const three = { nodes: 3, pods: 3 };
const whole = served({
  demand: 6,
  survive: { zones: 1 },
  zones: { 'zone-a': three, 'zone-b': three, 'zone-c': three },
});
const unready = { state: 'starting', ready: false } as const;
const stuck = { ...unready, node: undefined, unschedulable: { message: 'no node fits', ageMs: 15_000 } };

describe('the surge', () => {
  const surge = (over: Parameters<typeof deployment>[1]): number => {
    return surgeOf(pictureOf(after(whole, deployment('zone-a', over))).zones[0]!);
  };

  it('is ⌈maxSurge · r⌉, or the number that is written', () => {
    assert.equal(surge({ maxSurge: '25%', replicas: 4 }), 1);
    assert.equal(surge({ maxSurge: '25%', replicas: 5 }), 2);
    assert.equal(surge({ maxSurge: '100%', replicas: 5 }), 5);
    assert.equal(surge({ maxSurge: 2, replicas: 5 }), 2);
    assert.equal(surge({ maxSurge: '25%', replicas: 0 }), 0);
  });

  it('is none without a Deployment', () => {
    const bare = after(
      whole,
      zone('zone-a', (each) => ({ ...each, deployment: { state: 'absent' } })),
    );
    assert.equal(surgeOf(pictureOf(bare).zones[0]!), 0);
  });

  const underWay = (snapshot: Snapshot): number => surgeUnderWay(pictureOf(snapshot).zones);
  const rolling = after(
    whole,
    addPod('zone-a', { name: 'surge', replicaSet: 'rs2' }),
    deployment('zone-a', { maxSurge: 2 }),
  );

  it('is set apart for as long as a zone rolls, made or not', () => {
    assert.equal(underWay(whole), 0);
    assert.equal(underWay(rolling), 2);
    assert.equal(underWay(after(whole, deployment('zone-a', { updatedReplicas: 0 }))), 1);
  });

  it('is less by pods that have found no room for 15 s, and never less than none', () => {
    assert.equal(underWay(after(rolling, pods(named('surge'), stuck))), 1);
    const young = { ...stuck, unschedulable: { message: 'no node fits', ageMs: 14_999 } };
    assert.equal(underWay(after(rolling, pods(named('surge'), young))), 2);
    assert.equal(
      underWay(
        after(
          rolling,
          pods(({ name }) => name.startsWith('zone-a') || name === 'surge', stuck),
        ),
      ),
      0,
    );
  });

  it('is less by pods that the API server does not let the zone make', () => {
    const quota = deployment('zone-a', { replicaFailure: 'exceeded quota', updatedReplicas: 0 });
    assert.equal(underWay(after(whole, quota)), 0);
    assert.equal(underWay(after(whole, quota, addPod('zone-a', { name: 'surge', replicaSet: 'rs2' }))), 1);
  });

  it('is none in a lost zone', () => assert.equal(underWay(after(rolling, loseZone('zone-a'))), 0));
});

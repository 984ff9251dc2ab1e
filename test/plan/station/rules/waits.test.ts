import assert from 'node:assert/strict';
import type { Snapshot } from '../../../../operator/model/snapshot.ts';
import { pictureOf } from '../../../../operator/plan/station/picture.ts';
import type { Wait } from '../../../../operator/model/plan.ts';
import { waitsForPods } from '../../../../operator/plan/station/rules/waits.ts';
import { addPod, after, cordon, doubt, loseNode, zone } from '../../../builders/changes.ts';
import { served } from '../../../builders/served.ts';

const whole = served({ demand: 6, zones: { 'zone-a': { nodes: 3, pods: 6 } } });
const waits = (snapshot: Snapshot): readonly Wait[] => waitsForPods(pictureOf(snapshot));
const lines = (snapshot: Snapshot): readonly string[] => waits(snapshot).map(({ what, why }) => `${what}: ${why}`);
const unschedulable = { message: '0/3 nodes are available: Insufficient cpu', ageMs: 0 };

describe('what is waited for', () => {
  it('is nothing in a settled station', () => assert.deepEqual(waits(whole), []));

  it('is pods that start', () => {
    const starting = after(
      whole,
      addPod('zone-a', { name: 'n1', state: 'starting' }),
      addPod('zone-a', { name: 'n2', state: 'starting' }),
    );
    assert.deepEqual(waits(starting), [{ what: '2 pods in zone-a', why: 'not Ready yet', lookAgainMs: undefined }]);
  });

  it('is room, in the scheduler’s words', () => {
    const pending = after(whole, addPod('zone-a', { name: 'n1', state: 'starting', node: undefined, unschedulable }));
    assert.equal(waits(pending)[0]?.why, '1 without a node: 0/3 nodes are available: Insufficient cpu');
  });

  it('is the moment when a pod counts as without room, or its template as bad', () => {
    const young = (over: object): Snapshot =>
      after(whole, addPod('zone-a', { name: 'n1', state: 'starting', ...over }));
    assert.equal(waits(young({ node: undefined, unschedulable }))[0]?.lookAgainMs, 15_000);
    const stuck = { reason: 'CrashLoopBackOff', message: 'back-off 10s', ageMs: 58_500 };
    assert.deepEqual(waits(young({ stuck })), [
      { what: '1 pod in zone-a', why: '1 not starting: CrashLoopBackOff: back-off 10s', lookAgainMs: 1_500 },
    ]);
    assert.equal(waits(young({ stuck: { ...stuck, ageMs: 60_000 } }))[0]?.lookAgainMs, undefined);
  });

  it('is not a pod that will never come back', () => assert.deepEqual(waits(after(whole, loseNode('zone-a-1'))), []));

  it('is the moment when a cordon is taken for one', () => {
    assert.deepEqual(waits(after(whole, cordon('zone-a-1', 1_500), cordon('zone-a-2', 400))), [
      { what: 'nodes leaving zone-a', why: 'a cordon may be taken back at once', lookAgainMs: 500 },
    ]);
    assert.deepEqual(waits(after(whole, cordon('zone-a-1', 2_000))), []);
  });

  it('is a zone that is lost, failing or returning', () => {
    const state = (is: 'failing' | 'returning'): Snapshot =>
      after(
        whole,
        zone('zone-a', (each) => ({ ...each, state: is })),
      );
    assert.deepEqual(lines(state('failing')), ['pods made in zone-a: it lost most of its nodes at once']);
    assert.deepEqual(lines(state('returning')), ['pods made in zone-a: it has been back for less than 2 min']);
  });

  it('is a zone that may be dying, where pods have to be made, until the doubt has lasted for too long', () => {
    const spare = served({ demand: 4, survive: { pods: 2 }, zones: { 'zone-a': { nodes: 3, pods: 6 } } });
    const short = after(spare, loseNode('zone-a-1', 2_000));
    const rows = [
      ['overdue', 'most of its nodes are down, or did not renew their Leases', 4_000],
      ['untold', 'a node there is lost, and Kubernetes has not looked at the others yet', 88_000],
    ] as const;
    for (const [is, why, lookAgainMs] of rows) {
      const [wait] = waits(after(short, doubt('zone-a', is)));
      assert.deepEqual(wait, { what: 'pods made in zone-a', why, lookAgainMs });
      assert.deepEqual(waits(after(spare, doubt('zone-a', is))), []);
    }
    const later = waits(after(spare, loseNode('zone-a-1', 3_600_000), doubt('zone-a', 'overdue')));
    assert.deepEqual(
      later.map(({ lookAgainMs }) => lookAgainMs),
      [undefined],
    );
  });
});

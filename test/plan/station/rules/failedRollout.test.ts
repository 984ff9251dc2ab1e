import assert from 'node:assert/strict';
import type { Snapshot } from '../../../../operator/model/snapshot.ts';
import type { GoodTemplate } from '../../../../operator/model/child.ts';
import { goodBefore, goodToNote, rolloutFailure } from '../../../../operator/plan/station/rules/failedRollout.ts';
import { pictureOf } from '../../../../operator/plan/station/picture.ts';
import {
  addPod,
  after,
  cordon,
  deployment,
  loseNode,
  loseZone,
  named,
  pods,
  remove,
  spec,
} from '../../../builders/changes.ts';
import { failing, good, midRollout, stuck, whole } from '../../../builders/badTemplate.ts';

function failure(snapshot: Snapshot): string | undefined {
  const picture = pictureOf(snapshot);
  const found = rolloutFailure(picture, picture.zones[0]!);
  return found && `${found.reason}: ${found.words}`;
}

const notStarting = 'NotStarting: 1 pod does not start: ImagePullBackOff: Back-off pulling image "grill:bad"';
const unschedulable = { message: 'no node fits', ageMs: 20_000 };
const timedOut = deployment('zone-a', { progressFailed: true });
const late = 'DeadlineExceeded: 1 pod not Ready within the Deployment’s progress deadline';

describe('a rollout has failed', () => {
  it('when every new pod has not started for a minute, in the kubelet’s words', () => {
    assert.equal(failure(failing), notStarting);
    assert.equal(failure(midRollout), undefined);
    assert.equal(failure(after(failing, pods(named('new'), { stuck: { ...stuck, ageMs: 59_999 } }))), undefined);
    const two = after(failing, addPod('zone-a', { name: 'new-2', state: 'starting', replicaSet: 'rs2', stuck }));
    assert.match(failure(two) ?? '', /^NotStarting: 2 pods do not start: ImagePullBackOff/);
    assert.equal(failure(after(two, pods(named('new-2'), { stuck: undefined }))), undefined);
  });

  it('not while only old pods do not start, and not when one of the new ones is Ready and another starts', () => {
    const old = after(midRollout, pods(named('zone-a-pod-1'), { state: 'starting', ready: false, stuck }));
    assert.equal(failure(old), undefined);
    const half = after(failing, addPod('zone-a', { name: 'new-2', replicaSet: 'rs2' }));
    assert.equal(failure(half), notStarting, 'a pod that is Ready does not make the others start');
  });

  it('not because there is no room: pods without a node prove nothing', () => {
    const pending = { node: undefined, stuck: undefined, unschedulable };
    assert.equal(failure(after(failing, pods(named('new'), pending))), undefined);
    assert.equal(failure(after(failing, pods(named('new'), pending), timedOut)), undefined);
    const quota = deployment('zone-a', { progressFailed: true, replicaFailure: 'exceeded quota' });
    assert.equal(failure(after(midRollout, quota)), undefined);
    const both = after(failing, addPod('zone-a', { name: 'new-2', state: 'starting', replicaSet: 'rs2', ...pending }));
    assert.equal(failure(both), notStarting, 'those that have a node speak for it');
  });

  it('when the progress deadline has passed, with room', () => {
    assert.equal(failure(after(midRollout, timedOut)), late);
    assert.equal(failure(after(midRollout, timedOut, remove('new'))), undefined, 'no pod is waited for');
  });

  it('not by what the Deployment said of the template before', () => {
    assert.equal(failure(after(midRollout, timedOut, deployment('zone-a', { generation: 2 }))), undefined);
  });

  it('not where new pods are on a lost node, or pods of a superseded template are still going', () => {
    assert.equal(failure(after(failing, pods(named('new'), { node: undefined }))), undefined);
    assert.equal(failure(after(failing, loseNode('zone-a-1'))), undefined);
    assert.equal(failure(after(failing, cordon('zone-a-1'))), notStarting);
    const superseded = after(failing, addPod('zone-a', { name: 'newer', state: 'starting', replicaSet: 'rs3' }));
    assert.equal(failure(superseded), undefined);
  });

  it('not in a lost zone', () => assert.equal(failure(after(failing, loseZone('zone-a'))), undefined));

  it('not where it is complete, whatever becomes of its pods later', () => {
    const crashing = pods(({ name }) => name.startsWith('zone-a'), { state: 'starting', ready: false, stuck });
    assert.equal(failure(after(whole, crashing)), undefined);
  });

  it('also when it is the first one: then only the deadline counts', () => {
    const first = after(
      whole,
      pods(({ name }) => name.startsWith('zone-a'), { state: 'starting', ready: false, stuck }),
      timedOut,
    );
    assert.match(failure(first) ?? '', /^NotStarting: 3 pods do not start/);
  });

  it('not any more once the zone went back, until the template changes', () => {
    const wanted = failing.zones[0]!.deployment;
    assert.ok(wanted.state === 'ours');
    const back = after(
      failing,
      deployment('zone-a', { templateHash: good.hash, badTemplate: wanted.templateHash, good: undefined }),
      timedOut,
    );
    assert.equal(failure(back), undefined);
    const newer = spec({ template: { spec: { containers: [{ name: 'grill', image: 'grill:3' }] } } });
    assert.notEqual(failure(after(back, newer)), undefined);
  });
});

describe('what a zone may go back to', () => {
  const noted = (snapshot: Snapshot): unknown => goodToNote(pictureOf(snapshot).zones[0]!);

  it('is what it ran completely when its template changed', () => {
    const deploymentOf = whole.zones[0]!.deployment;
    assert.ok(deploymentOf.state === 'ours');
    const { templateHash, defaults } = deploymentOf;
    const replicaSet = templateHash;
    assert.deepEqual(noted(whole), { revision: '1', hash: templateHash, defaults, replicaSet, isProven: true });
  });

  it('stays the older one in the middle of a rollout', () => assert.deepEqual(noted(failing), good));

  it('counts only if it was seen Ready, when it was noted or since', () => {
    const never = pods(({ name }) => name.startsWith('zone-a'), { state: 'starting', ready: false });
    assert.equal((noted(after(whole, never)) as GoodTemplate).isProven, false);
    const unproven = after(failing, deployment('zone-a', { good: { ...good, isProven: false } }));
    assert.equal(goodBefore(pictureOf(unproven).zones[0]!)?.hash, good.hash);
    assert.equal(goodBefore(pictureOf(after(unproven, never)).zones[0]!), undefined);
    assert.equal(goodBefore(pictureOf(after(failing, never)).zones[0]!)?.hash, good.hash);
  });

  it('is none where the Deployment controller has said nothing yet', () => {
    assert.equal(noted(after(whole, deployment('zone-a', { revision: undefined }))), undefined);
  });

  it('is what an empty zone was told to run', () => {
    const empty = after(whole, remove('zone-a-pod-1', 'zone-a-pod-2', 'zone-a-pod-3'));
    assert.equal((noted(empty) as { replicaSet: string }).replicaSet, '');
  });

  it('is nothing when it runs that already', () => {
    const [zone] = pictureOf(after(failing, deployment('zone-a', { templateHash: good.hash }))).zones;
    assert.equal(goodBefore(zone!), undefined);
    assert.deepEqual(goodBefore(pictureOf(failing).zones[0]!), good);
  });
});

import assert from 'node:assert/strict';
import type { PodView } from '../../../operator/model/pod.ts';
import { aDeployment } from '../../builders/childObjects.ts';
import { aNode } from '../../builders/nodeObjects.ts';
import { aPod } from '../../builders/podObjects.ts';
import type { PodParts } from '../../builders/podObjects.ts';
import { Watching } from '../../builders/watching.ts';

const waits = (reason: string, message = 'words'): object => ({
  name: 'grill',
  ready: false,
  restartCount: 0,
  state: { waiting: { reason, message } },
});
const crashed = { terminated: { exitCode: 1, reason: 'Error' } };
const runsAgain = { name: 'grill', ready: false, restartCount: 2, state: { running: {} }, lastState: crashed };
const justEnded = { name: 'grill', ready: false, restartCount: 0, state: crashed };

/** One pod that is not Ready, its containers as told from look to look. */
class OnePod {
  readonly watching = new Watching([aNode(), aDeployment(), this.#pod({})]);

  #pod(parts: PodParts): object {
    return aPod({ readyAt: false, ...parts });
  }

  shows(nowMs: number, container: object, parts: PodParts = {}): PodView['stuck'] {
    this.watching.put(this.#pod({ containers: [container], ...parts }));
    return this.watching.zone('zone-a', nowMs).pods[0]!.stuck;
  }
}

describe('a pod that does not start', () => {
  it('tells the kubelet’s words and for how long', () => {
    const pod = new OnePod();
    const pulling = waits('ImagePullBackOff', 'Back-off pulling image "example.org/grill:2"');
    pod.shows(1_000, pulling);
    assert.deepEqual(pod.shows(61_000, pulling), {
      reason: 'ImagePullBackOff',
      message: 'Back-off pulling image "example.org/grill:2"',
      ageMs: 60_000,
    });
  });

  for (const reason of ['InvalidImageName', 'CreateContainerConfigError', 'CrashLoopBackOff', 'RunContainerError']) {
    it(`is one that waits for ${reason}`, () =>
      assert.equal(new OnePod().shows(0, waits(reason, 'words'))?.reason, reason));
  }

  for (const reason of ['ContainerCreating', 'PodInitializing']) {
    it(`is none that waits for ${reason}`, () => assert.equal(new OnePod().shows(0, waits(reason)), undefined));
  }

  it('is one whose init container does not start, though its containers only wait for that', () => {
    const parts = { initContainers: [waits('ErrImagePull')] };
    assert.equal(new OnePod().shows(0, waits('PodInitializing'), parts)?.reason, 'ErrImagePull');
  });

  it('keeps its age when the reason changes', () => {
    const pod = new OnePod();
    pod.shows(0, waits('ErrImagePull'));
    pod.shows(15_000, waits('ImagePullBackOff'));
    assert.deepEqual(pod.shows(40_000, waits('ErrImagePull')), {
      reason: 'ErrImagePull',
      message: 'words',
      ageMs: 40_000,
    });
  });

  it('goes on being so while it runs for a moment between two crashes', () => {
    const pod = new OnePod();
    pod.shows(0, waits('CrashLoopBackOff'));
    assert.deepEqual(pod.shows(10_000, runsAgain), {
      reason: 'CrashLoopBackOff',
      message: 'container grill exited with code 1',
      ageMs: 10_000,
    });
    assert.equal(pod.watching.look(10_000).lookAgainMs, 30_000);
    pod.shows(39_999, justEnded);
    assert.equal(pod.shows(50_000, waits('CrashLoopBackOff'))?.ageMs, 50_000);
    assert.equal(pod.shows(60_000, runsAgain)?.ageMs, 60_000, 'every moment counts for itself');
  });

  it('is no longer stuck when it runs for longer', () => {
    const pod = new OnePod();
    pod.shows(0, waits('CrashLoopBackOff'));
    pod.shows(10_000, runsAgain);
    assert.equal(pod.shows(39_999, runsAgain)?.ageMs, 39_999);
    assert.equal(pod.shows(40_000, runsAgain), undefined);
    assert.equal(pod.shows(50_000, waits('CrashLoopBackOff'))?.ageMs, 0, 'and counts from 0 again');
  });

  it('is none that crashed once and is starting again', () => {
    assert.equal(new OnePod().shows(0, runsAgain), undefined);
    assert.equal(new OnePod().shows(0, justEnded), undefined);
  });

  it('is none that ended as it should', () => {
    const pod = new OnePod();
    pod.shows(0, waits('CrashLoopBackOff'));
    assert.equal(pod.shows(1_000, { ...justEnded, state: { terminated: { exitCode: 0 } } }), undefined);
  });

  it('is none that is Ready, or being deleted', () => {
    const pod = new OnePod();
    assert.equal(pod.shows(0, waits('CrashLoopBackOff'), { readyAt: 30 }), undefined);
    assert.equal(pod.shows(0, waits('CrashLoopBackOff'), { deleting: true }), undefined);
  });

  it('counts from 0 after a restart of the operator', () => {
    const pod = new OnePod();
    pod.shows(0, waits('ErrImagePull'));
    pod.watching.restart();
    assert.equal(pod.shows(90_000, waits('ErrImagePull'))?.ageMs, 0);
  });
});

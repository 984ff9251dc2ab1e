import assert from 'node:assert/strict';
import { FirstSeen } from '../../../operator/engine/memory.ts';
import { observeUnsettled } from '../../../operator/observe/station/unsettled.ts';
import type { PodView } from '../../../operator/model/pod.ts';
import type { DeploymentView, GoodTemplate } from '../../../operator/model/child.ts';
import { absent, aDeploymentView, podViews } from '../../builders/snapshot.ts';

const good: GoodTemplate = { revision: '1', hash: 'template-1', defaults: 'v2', replicaSet: 'old', isProven: true };
const rolling = { templateHash: 'template-2', good, madeReplicas: 3, updatedReplicas: 1 };
const olds = podViews(2, { name: 'old', replicaSet: 'old' });
const news = (many: number, over: Partial<PodView> = {}): PodView[] =>
  podViews(many, { name: 'new', replicaSet: 'new', ...over });
const unready = { state: 'starting', ready: false } as const;

/** Looks one after another, in seconds, in one memory. */
class Looks {
  readonly #memory = new FirstSeen();

  at(seconds: number, pods: readonly PodView[], over: Partial<DeploymentView> = rolling): number | undefined {
    const ageMs = observeUnsettled(aDeploymentView(over), pods, { memory: this.#memory, nowMs: seconds * 1000 });
    return ageMs === undefined ? undefined : ageMs / 1000;
  }
}

describe('how long a Deployment gets no further', () => {
  it('is nothing when it is to have no pods, and without a Deployment', () => {
    assert.equal(new Looks().at(0, podViews(2), {}), undefined);
    assert.equal(observeUnsettled(absent, [], { memory: new FirstSeen(), nowMs: 0 }), undefined);
  });

  it('counts from the first look at a rollout, at pods that are to be made, and at a spec that was not seen', () => {
    for (const [pods, over] of [
      [[...olds, ...news(1, unready)], rolling],
      [podViews(1), {}],
      [podViews(2), { generation: 2, observedGeneration: 1 }],
    ] as const) {
      const looks = new Looks();
      assert.deepEqual([looks.at(50, pods, over), looks.at(650, pods, over)], [0, 600]);
    }
  });

  it('does not count what the API server does not let be made', () => {
    assert.equal(new Looks().at(0, podViews(1), { replicaFailure: 'exceeded quota' }), undefined);
  });

  it('begins again with one more new pod Ready, not when that one is Ready again', () => {
    const looks = new Looks();
    looks.at(0, [...olds, ...news(1, unready)]);
    assert.equal(looks.at(100, [...olds, ...news(1)]), 0);
    assert.equal(looks.at(150, [...olds, ...news(1, unready)]), 50);
    assert.equal(looks.at(200, [...olds, ...news(1)]), 100);
    assert.equal(looks.at(250, [...olds, ...news(2)]), 0);
  });

  it('goes on through pods that fail and are made again, and old ones that are', () => {
    const looks = new Looks();
    looks.at(0, [...olds, ...news(1, unready)]);
    looks.at(100, olds);
    looks.at(200, [...olds, ...news(1, { ...unready, name: 'another' })]);
    assert.equal(looks.at(300, podViews(3, { replicaSet: 'old' })), 300);
  });

  it('begins again with a newer template, and when a person lets a paused one go on', () => {
    const looks = new Looks();
    looks.at(0, olds, { ...rolling, paused: true });
    assert.equal(looks.at(100, olds, rolling), 0);
    assert.equal(looks.at(200, olds, { ...rolling, templateHash: 'template-3' }), 0);
  });

  it('is forgotten when it has settled', () => {
    const looks = new Looks();
    looks.at(0, [...olds, ...news(1)]);
    looks.at(100, podViews(2), {});
    assert.equal(looks.at(200, [...olds, ...news(1)]), 0);
  });

  it('goes on until the last pod is Ready where old ones go first', () => {
    const last = [...news(1), ...news(1, { ...unready, name: 'last' })];
    const over = { ...rolling, madeReplicas: 2, updatedReplicas: 2 };
    assert.equal(new Looks().at(0, last, { ...over, maxUnavailable: 1 }), 0);
    assert.equal(new Looks().at(0, last, over), undefined);
  });
});

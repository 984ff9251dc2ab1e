import assert from 'node:assert/strict';
import type { Taint } from '../../../operator/observe/objects.ts';
import { evictedAfterMs, evictingTaints, lastingTolerations } from '../../../operator/observe/nodes/tolerations.ts';
import type { Toleration } from '../../../operator/observe/nodes/tolerations.ts';

const maintenance: Taint = { key: 'maintenance', value: 'true', effect: 'NoExecute' };
const forAMinute: Toleration = { key: 'maintenance', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 };

describe('a NoExecute taint', () => {
  it('evicts pods at once that do not tolerate it', () => {
    assert.deepEqual(evictingTaints([], [maintenance]), [maintenance]);
    assert.equal(evictedAfterMs([], [maintenance]), 0);
    assert.equal(evictedAfterMs([{ key: 'other', operator: 'Exists' }], [maintenance]), 0);
  });

  it('evicts pods that tolerate it for a while after that', () => {
    assert.equal(evictedAfterMs([forAMinute], [maintenance]), 60_000);
    assert.equal(evictedAfterMs([{ operator: 'Exists', tolerationSeconds: 30 }], [maintenance]), 30_000);
    assert.equal(evictedAfterMs([{ ...forAMinute, tolerationSeconds: -5 }], [maintenance]), 0);
  });

  it('evicts no pod that tolerates it for good', () => {
    for (const seconds of [{}, { tolerationSeconds: null }]) {
      const { tolerationSeconds: _, ...forGood } = forAMinute;
      assert.deepEqual(evictingTaints([{ ...forGood, ...seconds }], [maintenance]), []);
    }
  });

  it('is judged by the first toleration that is for it', () => {
    const forGood: Toleration = { operator: 'Exists' };
    assert.equal(evictedAfterMs([forAMinute, forGood], [maintenance]), 60_000);
    assert.equal(evictedAfterMs([forGood, forAMinute], [maintenance]), Infinity);
  });

  it('counts by the least time among several', () => {
    const spot: Taint = { key: 'spot', effect: 'NoExecute' };
    const tolerations = [forAMinute, { key: 'spot', operator: 'Exists', tolerationSeconds: 120 }];
    assert.equal(evictedAfterMs(tolerations, [spot, maintenance]), 60_000);
  });

  it('evicts no pod when it is Kubernetes’ own for a kubelet that is not ready or not heard', () => {
    const own = ['not-ready', 'unreachable'].map((name) => ({
      key: `node.kubernetes.io/${name}`,
      effect: 'NoExecute',
    }));
    assert.deepEqual(evictingTaints([], own), []);
  });
});

describe('other taints', () => {
  it('evict no pod', () => {
    assert.equal(evictedAfterMs([], [{ ...maintenance, effect: 'NoSchedule' }]), Infinity);
  });
});

describe('of a pod’s tolerations', () => {
  it('those are kept that say how long it stays on a tainted node', () => {
    const added = ['not-ready', 'unreachable'].map((name) => ({
      key: `node.kubernetes.io/${name}`,
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds: 300,
    }));
    const all = [{ operator: 'Exists' }, { key: 'a', effect: 'NoSchedule' }, forAMinute, ...added];
    assert.deepEqual(lastingTolerations(all), [{ operator: 'Exists' }, forAMinute]);
    assert.deepEqual(lastingTolerations(), []);
  });
});

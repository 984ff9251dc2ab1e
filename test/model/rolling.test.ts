import assert from 'node:assert/strict';
import { hasTwoTemplates, isRolling, mayLackOf } from '../../operator/model/rolling.ts';
import { aDeploymentView, aPodView } from '../builders/snapshot.ts';

const [one, other, third] = ['rs1', 'rs2', 'rs1'].map((replicaSet) => aPodView({ replicaSet }));
const settled = aDeploymentView({ replicas: 2, madeReplicas: 2, updatedReplicas: 2 });

describe('a rollout', () => {
  it('is under way while pods of two templates are there, by the pods or by the status', () => {
    assert.equal(isRolling(settled, [one!, third!]), false);
    assert.equal(isRolling(settled, [one!, other!]), true);
    assert.equal(isRolling({ ...settled, updatedReplicas: 1 }, [one!, third!]), true);
  });

  it('is under way while an old pod that went first has no successor yet', () => {
    const lacking = { ...settled, maxUnavailable: 1 };
    assert.equal(isRolling(lacking, [one!]), true);
    assert.equal(isRolling(lacking, [one!, third!]), false);
    assert.equal(hasTwoTemplates(lacking, [one!]), false);
  });

  it('reads maxUnavailable as a number of pods or as a share of them', () => {
    assert.equal(mayLackOf({ ...settled, maxUnavailable: 2 }), 2);
    assert.equal(mayLackOf({ ...settled, maxUnavailable: '25%', replicas: 7 }), 1);
  });
});

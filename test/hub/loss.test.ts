import assert from 'node:assert/strict';
import { declaredLossOf, steadyLoss } from '../../operator/hub/loss.ts';

const pods = (...places: readonly string[]): { readonly zone: string; readonly node: string }[] =>
  places.map((place) => ({ zone: place[0] ?? '', node: place }));

describe('the share that dies in a declared loss', () => {
  it('is that of the fullest zone', () => {
    assert.equal(declaredLossOf(pods('a1', 'a2', 'a3', 'b1', 'b2', 'c1'), { pods: 1, nodes: 0, zones: 1 }), 3 / 6);
  });
  it('is that of the fullest nodes', () => {
    assert.equal(declaredLossOf(pods('a1', 'a1', 'b1', 'b1', 'c1'), { pods: 1, nodes: 2, zones: 0 }), 4 / 5);
  });
  it('is that of the pods where nothing else is declared, and never more than all', () => {
    assert.equal(declaredLossOf(pods('a1', 'b1'), { pods: 1, nodes: 0, zones: 0 }), 1 / 2);
    assert.equal(declaredLossOf(pods('a1', 'b1'), { pods: 5, nodes: 0, zones: 0 }), 1);
    assert.equal(declaredLossOf([], { pods: 1, nodes: 0, zones: 1 }), 0);
  });
});

describe('the share to go on with', () => {
  it('is in steps of 5 %, and never less than what may die', () => {
    assert.equal(steadyLoss(undefined, 1 / 3), 0.35);
    assert.equal(steadyLoss(undefined, 0.35), 0.35);
    assert.equal(steadyLoss(undefined, 0.999), 1);
    assert.equal(steadyLoss(undefined, 0), 0);
  });
  it('rises at once, and falls only when it has fallen far', () => {
    assert.equal(steadyLoss(0.35, 0.4), 0.4);
    assert.equal(steadyLoss(0.4, 0.34), 0.4);
    assert.equal(steadyLoss(0.5, 0.35), 0.5);
    assert.equal(steadyLoss(0.5, 0.3), 0.3);
  });
  it('changes once in a rollout', () => {
    let [share, changes] = [steadyLoss(undefined, 3 / 9), 0];
    for (const now of [3 / 9, 4 / 10, 3 / 9, 3 / 8, 4 / 10, 3 / 9, 4 / 10, 3 / 9]) {
      const next = steadyLoss(share, now);
      if (next !== share) changes += 1;
      share = next;
    }
    assert.equal(changes, 1);
  });
});

import assert from 'node:assert/strict';
import { findCondition, setCondition } from '../../operator/api/conditions.ts';
import type { Condition, StatedCondition } from '../../operator/api/conditions.ts';

const before = '2026-01-01T00:00:00Z';
const now = '2026-01-01T00:01:00Z';

const served: StatedCondition = {
  type: 'Available',
  status: 'True',
  reason: 'DemandServed',
  message: '6 of 6 are ready',
  observedGeneration: 1,
};
const short: StatedCondition = { ...served, status: 'False', reason: 'BelowDemand', message: '5 of 6 are ready' };
const ready: Condition = {
  type: 'Ready',
  status: 'True',
  reason: 'AllServed',
  message: '',
  observedGeneration: 1,
  lastTransitionTime: before,
};
const old: readonly Condition[] = [{ ...served, lastTransitionTime: before }, ready];

describe('setCondition', () => {
  it('adds a condition with the time of now', () => {
    assert.deepEqual(setCondition([], served, now), [{ ...served, lastTransitionTime: now }]);
  });

  it('moves the transition time when the status flips, and leaves the others and the order alone', () => {
    assert.deepEqual(setCondition(old, short, now), [{ ...short, lastTransitionTime: now }, ready]);
  });

  it('keeps the transition time when only reason, message or generation change', () => {
    const said: StatedCondition = { ...served, message: '7 of 6 are ready', observedGeneration: 2 };
    assert.deepEqual(setCondition(old, said, now), [{ ...said, lastTransitionTime: before }, ready]);
  });

  it('gives the very list back when nothing changed, so that nothing is written', () => {
    assert.equal(setCondition(old, { ...served }, now), old);
  });
});

describe('findCondition', () => {
  it('finds a condition by type', () => {
    assert.equal(findCondition(old, 'Ready'), ready);
    assert.equal(findCondition(old, 'Progressing'), undefined);
  });
});

import assert from 'node:assert/strict';
import { trialOf } from '../../../operator/apply/station/trial.ts';
import { aGrowStep, anIntent, aPlan } from '../../builders/plan.ts';

const contentOf = (replicas: number): unknown => {
  const intent = anIntent({ figures: { replicas }, onlyFigures: true });
  return trialOf(aGrowStep({ intent, to: replicas }), aPlan()).content;
};

describe('the content of a growth', () => {
  it('is another one for another number, which never waits for what was written before', () => {
    assert.deepEqual(contentOf(4), contentOf(4));
    assert.notDeepEqual(contentOf(4), contentOf(5));
  });
});

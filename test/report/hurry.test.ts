import assert from 'node:assert/strict';
import type { Condition } from '../../operator/api/conditions.ts';
import { hurryOf } from '../../operator/report/hurry.ts';
import type { Hurry } from '../../operator/report/hurry.ts';
import { aCondition } from '../builders/kitchenSnapshot.ts';

/** A condition in short: `Available False BelowDemand`. */
function said(...conditions: readonly string[]): {
  readonly observedGeneration: number;
  readonly conditions: readonly Condition[];
} {
  const read = (text: string): Condition => {
    const [type = '', status = '', reason = ''] = text.split(' ');
    return aCondition(type, status as Condition['status'], { reason });
  };
  return { observedGeneration: 1, conditions: conditions.map(read) };
}

describe('how soon a status has to be written', () => {
  const rows: readonly (readonly [before: readonly string[], after: readonly string[], Hurry])[] = [
    [['Available True DemandServed'], ['Available False BelowDemand'], 'mustBeKnown'],
    [['Available False BelowDemand'], ['Available True DemandServed'], 'mustBeKnown'],
    [['Survivable True AsDeclared'], ['Survivable False Restoring'], 'settled'],
    [['Survivable True AsDeclared'], ['Survivable False Restoring', 'Progressing True Growing'], 'underWay'],
    [['Survivable True AsDeclared'], ['Survivable False Cannot'], 'mustBeKnown'],
    [['Survivable False Restoring'], ['Survivable False NoRoom', 'Progressing True Growing'], 'mustBeKnown'],
    [['Survivable False Cannot'], ['Survivable False Cannot'], 'settled'],
    [['Survivable False Cannot'], ['Survivable True AsDeclared'], 'settled'],
    [['Ready False Progressing'], ['Ready True AllServed'], 'mustBeKnown'],
    [['Ready True AllServed'], ['Ready True Paused'], 'settled'],
    [['Ready True AllServed'], ['Ready False NotSurvivable'], 'settled'],
    [['Ready True AllServed'], ['Ready False Trouble'], 'settled'],
    [['Ready False Trouble'], ['Ready False Refused'], 'mustBeKnown'],
    [[], ['ZoneStuck True NotReady'], 'mustBeKnown'],
    [['ZoneStuck True NotReady'], ['ZoneStuck True Paused'], 'mustBeKnown'],
    [['ZoneStuck True NotReady'], [], 'settled'],
    [['Progressing False Settled'], ['Progressing True Growing'], 'underWay'],
    [['Progressing True Growing'], ['Progressing False Settled'], 'settled'],
  ];
  for (const [before, after, hurry] of rows) {
    it(`is ${hurry}, for ${after.join(', ') || 'nothing'} after ${before.join(', ') || 'nothing'}`, () => {
      assert.equal(hurryOf(said(...before), said(...after)), hurry);
    });
  }

  it('is mustBeKnown, for the first status and for one of a newer spec', () => {
    assert.equal(hurryOf(undefined, said()), 'mustBeKnown');
    assert.equal(hurryOf({}, said()), 'mustBeKnown');
    assert.equal(hurryOf(said(), { ...said(), observedGeneration: 2 }), 'mustBeKnown');
  });

  it('is underWay while something is waited for', () => {
    assert.equal(hurryOf(said(), { ...said(), waiting: ['one pod: not Ready yet'] }), 'underWay');
  });
});

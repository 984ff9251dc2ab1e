import assert from 'node:assert/strict';
import { RefusedForms } from '../../operator/hub/refusedForms.ts';
import { aKey } from '../builders/aKey.ts';

const key = aKey('food/pizzeria-grill');
const name = 'food.pizzeria-grill.80';

describe('what hubs refuse of a station', () => {
  it('is told with the resource and the field, to its station alone', () => {
    const forms = new RefusedForms();
    const told: unknown[] = [];
    const stop = forms.onRefusal((stations) => told.push(...stations));
    forms.add({ type: 'Listener', name, message: 'PortValue: too large', isCurrent: () => true });
    assert.equal(forms.of(key), `Listener ${name}: PortValue: too large`);
    assert.equal(forms.of(aKey('food/pizzeria-oven')), undefined);
    assert.deepEqual(told, [key]);
    stop();
    forms.add({ type: 'Cluster', name, message: 'x', isCurrent: () => true });
    assert.deepEqual(told, [key]);
  });

  it('is one for a resource, however many hubs refuse it', () => {
    const forms = new RefusedForms();
    for (const message of ['first', 'second']) forms.add({ type: 'Listener', name, message, isCurrent: () => true });
    forms.add({ type: 'Cluster', name, message: 'third', isCurrent: () => true });
    assert.equal(forms.of(key), `Listener ${name}: second; Cluster ${name}: third`);
  });

  it('is over when the hubs are told another form', () => {
    const forms = new RefusedForms();
    let isCurrent = true;
    forms.add({ type: 'Listener', name, message: 'x', isCurrent: () => isCurrent });
    assert.notEqual(forms.of(key), undefined);
    isCurrent = false;
    assert.equal(forms.of(key), undefined);
  });
});

import assert from 'node:assert/strict';
import { whyText } from '../../operator/cli/why.ts';
import { aCondition } from '../builders/kitchenSnapshot.ts';
import { withColours } from '../builders/colours.ts';
import { aStation } from '../builders/kitchen.ts';

const status = { observedGeneration: 1, demand: 6, target: 9, ready: 8, survives: '2 nodes' };

describe('whyText', () => {
  withColours(false);

  it('says everything in the order in which people ask for it', () => {
    const text = whyText(
      aStation({
        status: {
          ...status,
          conditions: [
            aCondition('Ready', 'False', { reason: 'NotSurvivable', message: 'losing zone-a leaves 5 of 6' }),
            aCondition('Available', 'True', { reason: 'DemandServed', message: '8 of 6' }),
            aCondition('Progressing', 'True', { reason: 'Growing', message: 'zone-a grows' }),
            aCondition('ScaledBy', 'True', { reason: 'Autoscaler', message: 'by hpa' }),
            aCondition('ForeignBudget', 'True', { reason: 'TwoBudgets', message: 'remove mine' }),
          ],
          zones: [
            { name: 'zone-a', state: 'Live', target: 3, ready: 2 },
            { name: '(none)', state: 'Lost', target: 3, ready: 0 },
          ],
          waiting: ['1 pod in zone-a: not Ready yet'],
          decisions: [{ id: 'd-2', time: '2026-01-01T00:00:09Z', what: 'grow zone-a', why: '1 pod will not stay' }],
          load: { demand: 6, metrics: [{ name: 'cpu', total: '2.9', target: '70 % of 700m', age: '12s' }] },
          price: { pods: 3, cpu: '300m', memory: '192Mi' },
        },
      }),
    );
    assert.equal(
      text,
      `Station food/pizzeria-grill: demand 6, target 9, ready 8, survives 2 nodes

Conditions
  ✗  Ready          False  NotSurvivable  losing zone-a leaves 5 of 6
  ✓  Available      True   DemandServed   8 of 6
  •  Progressing    True   Growing        zone-a grows
  ✓  ScaledBy       True   Autoscaler     by hpa
  ✗  ForeignBudget  True   TwoBudgets     remove mine

Zones
  ZONE    STATE  TARGET  READY
  zone-a  Live   3       2
  none    Lost   3       0

Waiting for
  1 pod in zone-a: not Ready yet

Decided, newest first
  2026-01-01T00:00:09Z  d-2  grow zone-a: 1 pod will not stay

Load
  METRIC  TOTAL  EACH POD      AGE
  cpu     2.9    70 % of 700m  12s

Price
  3 pods beyond demand ask for 300m CPU and 192Mi memory`,
    );
  });

  it('leaves out sections with nothing to say', () => {
    assert.equal(
      whyText(aStation({ status })),
      'Station food/pizzeria-grill: demand 6, target 9, ready 8, survives 2 nodes',
    );
  });

  it('asks whether the operator runs when there is no status yet', () => {
    assert.match(whyText(aStation()), /has not been looked at yet: is the operator running/);
  });

  it('says that what follows is about an older generation', () => {
    const text = whyText(aStation({ status, metadata: { generation: 3 } }));
    assert.match(text, /is about generation 1; the newest is 3/);
  });

  it('says that a paused station is only looked at', () => {
    assert.match(whyText(aStation({ status, paused: true })), /\n {2}paused: /);
  });
});

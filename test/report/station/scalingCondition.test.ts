import assert from 'node:assert/strict';
import type { ScalingView } from '../../../operator/model/scale.ts';
import type { Snapshot } from '../../../operator/model/snapshot.ts';
import { changeEvents } from '../../../operator/report/station/events.ts';
import { loadSaid, scaledByInWords, scalingCondition } from '../../../operator/report/station/scalingCondition.ts';
import { aCondition } from '../../builders/kitchenSnapshot.ts';
import { aStation } from '../../builders/kitchen.ts';
import { aSnapshot } from '../../builders/snapshot.ts';

const scale = {
  maxReplicas: 9,
  metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } }],
} as const;
const load = { demand: 9, metrics: [{ name: 'cpu', total: '4.4', target: '70 % of 700m', age: '3s' }] };
const known: ScalingView = { reason: 'ValidMetric', message: '9 = …', load };
const said = aCondition('Scaling', 'True', { reason: 'ValidMetric', message: '7 = …' });

function snapshotOf(scaling: ScalingView | undefined, station = aStation({ scale })): { readonly snapshot: Snapshot } {
  return { snapshot: { ...aSnapshot({}), station, ...(scaling === undefined ? {} : { scaling }) } };
}

describe('Scaling', () => {
  it('is True while load is known, and False with the reason while it is not', () => {
    assert.deepEqual(scalingCondition(snapshotOf(known)), {
      type: 'Scaling',
      status: 'True',
      reason: 'ValidMetric',
      message: '9 = …',
    });
    const missing = scalingCondition(snapshotOf({ reason: 'MetricsMissing', message: 'cpu: none' }));
    assert.deepEqual([missing?.status, missing?.reason], ['False', 'MetricsMissing']);
  });

  it('stays what was said while a new leader knows nothing yet, and the load with it', () => {
    const station = aStation({ scale, status: { conditions: [said], load } });
    assert.equal(scalingCondition(snapshotOf(undefined, station))?.message, '7 = …');
    assert.equal(loadSaid(snapshotOf(undefined, station)), load);
    const other = aCondition('Scaling', 'False', { reason: 'ScaledByAnother', message: 'hpa' });
    assert.equal(
      scalingCondition(snapshotOf(undefined, aStation({ scale, status: { conditions: [other] } }))),
      undefined,
    );
  });

  it('is not there without scale, and neither is the load', () => {
    const station = aStation({ status: { conditions: [said], load } });
    assert.deepEqual(
      [scalingCondition(snapshotOf(undefined, station)), loadSaid(snapshotOf(undefined, station))],
      [undefined, undefined],
    );
  });

  it('is an event when it turns, and when it begins with a fault', () => {
    const reasons = (
      before: readonly ReturnType<typeof aCondition>[],
      after: ReturnType<typeof aCondition>,
    ): readonly string[] =>
      changeEvents(aStation({ scale, status: { conditions: [...before] } }), { conditions: [after] }).map(
        ({ type, reason }) => `${type} ${reason}`,
      );
    const missing = aCondition('Scaling', 'False', { reason: 'MetricsMissing', message: 'cpu: none' });
    assert.deepEqual(reasons([], said), []);
    assert.deepEqual(reasons([], missing), ['Warning MetricsMissing']);
    assert.deepEqual(reasons([said], missing), ['Warning MetricsMissing']);
    assert.deepEqual(reasons([missing], said), ['Normal ValidMetric']);
    assert.deepEqual(reasons([said], { ...said, message: '8 = …' }), []);
  });
});

describe('who sets demand', () => {
  it('is scale, an autoscaler by its name, or nobody in particular', () => {
    assert.equal(scaledByInWords(snapshotOf(known)), 'scale');
    assert.equal(scaledByInWords(snapshotOf(undefined, aStation())), undefined);
    const { snapshot } = snapshotOf(known);
    const autoscalers = [
      { name: 'one', metrics: [] },
      { name: 'two', metrics: [] },
    ];
    assert.equal(scaledByInWords({ snapshot: { ...snapshot, autoscalers } }), 'HorizontalPodAutoscaler one and 1 more');
  });
});

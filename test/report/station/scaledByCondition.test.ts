import assert from 'node:assert/strict';
import { projectAutoscaler } from '../../../operator/observe/project.ts';
import { scaledByCondition } from '../../../operator/report/station/scaledByCondition.ts';
import { changeEvents } from '../../../operator/report/station/events.ts';
import { aCondition } from '../../builders/kitchenSnapshot.ts';
import { aStation } from '../../builders/kitchen.ts';
import { anAutoscaler } from '../../builders/childObjects.ts';
import { aPlan } from '../../builders/plan.ts';
import { aSnapshot } from '../../builders/snapshot.ts';

function saidOf(...autoscalers: readonly (readonly object[])[]): ReturnType<typeof scaledByCondition> {
  const views = autoscalers.map((metrics) => {
    const { name, metrics: kept } = projectAutoscaler(anAutoscaler({ metrics }));
    return { name, metrics: kept };
  });
  return scaledByCondition({ snapshot: aSnapshot({ autoscalers: views }), plan: aPlan(), results: [] });
}

const cpu = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } };
const queue = (type: string): object => ({
  type: 'External',
  external: { metric: { name: 'queue' }, target: { type } },
});

describe('ScaledBy', () => {
  it('is not stated when no autoscaler scales the Station', () => assert.equal(saidOf(), undefined));

  it('names the autoscaler and what it goes by', () => {
    const said = saidOf([queue('AverageValue')]);
    assert.deepEqual(
      [said?.status, said?.reason, said?.message],
      ['True', 'Autoscaler', 'HorizontalPodAutoscaler grill-by-cpu sets demand by External queue (AverageValue)'],
    );
  });

  it('tells what Utilization does, also when Kubernetes takes it because no metric is named', () => {
    for (const metrics of [[cpu], []]) {
      const said = saidOf(metrics);
      assert.equal(said?.reason, 'Autoscaler');
      assert.match(said?.message ?? '', /by Resource cpu \(Utilization\); .*External metric with AverageValue/);
    }
  });

  it('calls a Value target the fault that it is', () => {
    const said = saidOf([queue('Value'), cpu]);
    assert.equal(said?.reason, 'ValueTarget');
    assert.match(said?.message ?? '', /External queue \(Value\), Resource cpu \(Utilization\); .*use AverageValue/);
  });

  it('is told once as an event: a warning only for the fault', () => {
    const events = (reason: string, before?: string): readonly (readonly [string, string])[] => {
      const status = { conditions: before === undefined ? [] : [aCondition('ScaledBy', 'True', { reason: before })] };
      const after = { conditions: [aCondition('ScaledBy', 'True', { reason })] };
      return changeEvents(aStation({ status }), after).map(({ type, reason: said }) => [type, said] as const);
    };
    assert.deepEqual(events('Autoscaler'), [['Normal', 'Autoscaler']]);
    assert.deepEqual(events('ValueTarget', 'Autoscaler'), [['Warning', 'ValueTarget']]);
    assert.deepEqual(events('ValueTarget', 'ValueTarget'), []);
  });
});

import assert from 'node:assert/strict';
import type { PodTemplate } from '../../../operator/api/podtemplate.ts';
import type { ScaleMetric } from '../../../operator/api/scale.ts';
import { loadTargetOf } from '../../../operator/plan/scale/loadTargetOf.ts';

const template = {
  spec: {
    containers: [
      {
        name: 'grill',
        image: 'g:1',
        resources: { requests: { cpu: '600m' } },
        ports: [{ name: 'metrics', containerPort: 9090 }],
      },
      { name: 'smoke', image: 's:1', resources: { limits: { cpu: '50m', memory: '1Gi' } } },
    ],
    initContainers: [
      { name: 'proxy', image: 'p:1', restartPolicy: 'Always', resources: { requests: { cpu: '50m' } } },
      { name: 'setup', image: 'i:1', resources: { requests: { cpu: '4' } } },
    ],
  },
} as PodTemplate;

function utilization(averageUtilization: number): ScaleMetric {
  return { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } } };
}

function ofPods(port: string | number): ScaleMetric {
  const target = { type: 'AverageValue', averageValue: '500m' } as const;
  return { type: 'Pods', pods: { metric: { name: 'inflight' }, target, port } };
}

describe('what one pod is to carry', () => {
  it('is a share of what its containers and sidecars request together, a limit standing in for a request', () => {
    const target = loadTargetOf(utilization(70), template);
    assert.ok(target.each !== undefined);
    assert.ok(Math.abs(target.each - 0.49) < 1e-12);
    assert.deepEqual([target.words, target.unit], ['70 % of 700m', 'cores']);
  });

  it('is what is declared, where that is a quantity', () => {
    const metric: ScaleMetric = {
      type: 'Resource',
      resource: { name: 'cpu', target: { type: 'AverageValue', averageValue: '250m' } },
    };
    assert.deepEqual(loadTargetOf(metric, template), { each: 0.25, words: '250m', unit: 'cores' });
    assert.deepEqual(loadTargetOf(ofPods('metrics'), template), { each: 0.5, words: '0.5', unit: '' });
    assert.deepEqual(loadTargetOf(ofPods(9090), template), { each: 0.5, words: '0.5', unit: '' });
  });

  it('cannot be told by pods that have the addresses of their nodes', () => {
    const onNodes = { spec: { ...template.spec, hostNetwork: true } } as PodTemplate;
    const target = loadTargetOf(ofPods('metrics'), onNodes);
    assert.ok(target.each === undefined);
    assert.match(target.problem, /with hostNetwork the address of a pod is that of its node/);
  });

  it('cannot be told without a request, or a port that no container has', () => {
    const bare: PodTemplate = { spec: { containers: [{ name: 'grill', image: 'g:1' }] } };
    const problem = (metric: ScaleMetric): string | undefined => {
      const target = loadTargetOf(metric, bare);
      return target.each === undefined ? target.problem : undefined;
    };
    assert.match(problem(utilization(70)) ?? '', /requests cpu: give it a request, or use .* AverageValue/);
    assert.match(problem(ofPods('metrics')) ?? '', /no container of the template has a TCP port metrics: declare it/);
    assert.match(problem(ofPods(9090)) ?? '', /has a TCP port 9090: declare it/);
  });
});

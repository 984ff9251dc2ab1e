import assert from 'node:assert/strict';

import type { PodTemplate } from '../../../operator/api/podtemplate.ts';
import { priceOf } from '../../../operator/report/station/price.ts';
import { quantityOf } from '../../../operator/api/kubernetes/quantity.ts';
import { printBytes, printCpu } from '../../../operator/report/quantity.ts';

describe('a quantity', () => {
  const read: readonly [string, number][] = [
    ['100m', 0.1],
    ['2', 2],
    ['1.5Gi', 1.5 * 1024 ** 3],
    ['500M', 500e6],
    ['1e3', 1000],
    ['12E', 12e18],
    ['5n', 5e-9],
    ['what', 0],
  ];
  for (const [text, value] of read) {
    it(`reads ${text} as ${value}`, () => assert.equal(quantityOf(text), value));
  }

  it('prints cores to the millicore, without what binary fractions leave behind', () => {
    assert.equal(printCpu(0.1 * 3), '300m');
    assert.equal(printCpu(2), '2');
    assert.equal(printCpu(0), '0');
  });

  it('prints bytes as the shortest exact quantity', () => {
    assert.deepEqual([192 * 1024 ** 2, 1.5e9, 2 * 1024 ** 3, 7, 0].map(printBytes), [
      '192Mi',
      '1500M',
      '2Gi',
      '7',
      '0',
    ]);
  });
});

describe('the price of pods', () => {
  const main = { name: 'main', resources: { requests: { cpu: '250m', memory: '64Mi' } } };
  const cases: readonly [string, PodTemplate['spec'], string, string][] = [
    ['sums what containers request', { containers: [main, main] }, '1', '256Mi'],
    [
      'counts a limit without a request',
      { containers: [{ name: 'a', resources: { limits: { cpu: '1' } } }] },
      '2',
      '0',
    ],
    [
      'takes the largest init container where it is more',
      { containers: [main], initContainers: [{ name: 'i', resources: { requests: { cpu: '3' } } }] },
      '6',
      '128Mi',
    ],
    [
      'counts a sidecar beside the containers',
      { containers: [main], initContainers: [{ ...main, name: 's', restartPolicy: 'Always' }] },
      '1',
      '256Mi',
    ],
    ['adds overhead', { containers: [main], overhead: { cpu: '250m' } }, '1', '128Mi'],
  ];
  for (const [sentence, spec, cpu, memory] of cases) {
    it(sentence, () => assert.deepEqual(priceOf({ spec }, 2), { pods: 2, cpu, memory }));
  }
});

import assert from 'node:assert/strict';
import { demandInWords } from '../../../operator/plan/scale/demandInWords.ts';
import type { DemandSaid } from '../../../operator/plan/scale/demandInWords.ts';
import { printFigure } from '../../../operator/plan/scale/printFigure.ts';

const cpu = { name: 'cpu', unit: 'cores', total: 4.4, target: '70 % of 700m', pods: 9 } as const;
const inFlight = { name: 'in_flight', unit: '', total: 68, target: '8', pods: 9 } as const;

describe('demand in words', () => {
  const heldUntil = new Date('2026-01-02T12:04:59Z');
  const table: readonly (readonly [DemandSaid, string])[] = [
    [{ demand: 9, limitedBy: undefined, asked: cpu }, '9 = ⌈4.4 cores / (70 % of 700m)⌉'],
    [{ demand: 9, limitedBy: undefined, asked: inFlight }, '9 = ⌈68 in_flight / 8⌉'],
    [
      { demand: 11, limitedBy: 'Window', asked: cpu, heldUntil },
      '9 = ⌈4.4 cores / (70 % of 700m)⌉; the window holds 11 until 12:04 UTC',
    ],
    [{ demand: 10, limitedBy: 'Min', asked: inFlight }, '9 = ⌈68 in_flight / 8⌉; demand is minReplicas, 10'],
    [{ demand: 8, limitedBy: 'Max', asked: inFlight }, '9 = ⌈68 in_flight / 8⌉; demand is maxReplicas, 8'],
    [
      { demand: 6, limitedBy: 'Rate', asked: inFlight },
      '9 = ⌈68 in_flight / 8⌉; demand is 6 on the way, as it rises by 4 or twofold within 15 s',
    ],
    [{ demand: 10, limitedBy: undefined, asked: inFlight }, '9 = ⌈68 in_flight / 8⌉; within tolerance of 10'],
    [{ demand: 9, limitedBy: undefined, asked: undefined }, 'demand stays 9'],
    [{ demand: 6, limitedBy: 'Fallback', asked: undefined }, '6 is the fallback'],
    [{ demand: 10, limitedBy: 'Fallback', asked: inFlight }, '9 = ⌈68 in_flight / 8⌉; the fallback holds 10'],
  ];
  for (const [said, words] of table) it(`is: ${words}`, () => assert.equal(demandInWords(said), words));
});

describe('a figure', () => {
  const table = [
    [4.4, 'cores', '4.4'],
    [0.49, 'cores', '490m'],
    [12.3456, 'cores', '12.3'],
    [12_345, '', '12345'],
    [0, '', '0'],
  ] as const;
  for (const [value, unit, text] of table) {
    it(`of ${value} ${unit} is ${text}`, () => assert.equal(printFigure(value, unit), text));
  }
});

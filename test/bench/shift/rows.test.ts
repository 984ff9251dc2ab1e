import assert from 'node:assert/strict';
import { phases } from '../../../tools/bench/shift/play.ts';
import { shiftRows, shiftTable, shiftText } from '../../../tools/bench/shift/rows.ts';
import type { Outcome } from '../../../tools/bench/traffic/tally.ts';

const answered = (ms: number, pod: string): Outcome => ({ method: 'GET', ms, pod });
const played = new Map([
  ['well', [answered(10, 'zone-a-1-1'), answered(10, 'zone-b-1-1'), answered(10, 'zone-c-1-1')]],
  ['slow', [answered(100, 'zone-a-1-1'), answered(10, 'zone-b-1-1')]],
  ['shifted', [answered(15, 'zone-b-1-1'), { method: 'POST', ms: 3, failure: '503' }]],
  ['over', [{ method: 'GET', ms: 3_000, failure: 'timeout' }]],
] as const);

describe('the figures of a shift', () => {
  it('are those of GETs and POSTs together, with what the slow zone answered', () => {
    assert.deepEqual(shiftRows('hub', played), [
      { phase: 'well', who: 'hub', sent: 3, failed: 0, inZone: 1, p50Ms: 10, p99Ms: 10 },
      { phase: 'slow', who: 'hub', sent: 2, failed: 0, inZone: 1, p50Ms: 100, p99Ms: 100 },
      { phase: 'shifted', who: 'hub', sent: 2, failed: 1, inZone: 0, p50Ms: 15, p99Ms: 15 },
      { phase: 'over', who: 'hub', sent: 1, failed: 1, inZone: 0, p50Ms: null, p99Ms: null },
    ]);
  });

  it('are told with their ratio to those of before', () => {
    const [head, ...lines] = shiftTable(shiftRows('hub', played));
    assert.deepEqual(head, ['failed; answered in that zone; p50, p99 in ms', 'behind hubs']);
    assert.deepEqual(
      lines.map(([, cell]) => cell),
      ['0; 33 %; 10, 10 (1.0 ×)', '0; 50 %; 100, 100 (10.0 ×)', '1; 0 %; 15, 15 (1.5 ×)', '1; 0 %; -, -'],
    );
    assert.equal(lines.length, phases.length);
  });

  it('are a table for a page', () => {
    const both = [...shiftRows('hub', played), ...shiftRows('service', played)];
    const [head, rule, first] = shiftText(both, true).split('\n');
    assert.equal(head, '| failed; answered in that zone; p50, p99 in ms | behind hubs | a plain Service |');
    assert.equal(rule, '| --- | --- | --- |');
    assert.match(first ?? '', /^\| before \| 0; 33 %/);
  });
});

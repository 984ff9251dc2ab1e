import assert from 'node:assert/strict';
import { trafficPicture } from '../../../tools/bench/traffic/picture.ts';
import { markdownTable, plainTable, trafficTables } from '../../../tools/bench/traffic/table.ts';
import { aRow, conditions } from './rows.ts';

const rows = [
  aRow({ who: 'kube-proxy', failed: 5, causes: { refused: 4, reset: 1 } }),
  aRow({ who: 'kube-proxy', method: 'POST', sent: 20, failed: 2, causes: { refused: 2 }, p50Ms: null, p99Ms: null }),
  aRow({ who: 'kube-proxy', run: 2, p50Ms: 5, p99Ms: 11 }),
  aRow(),
  aRow({ method: 'POST', sent: 20 }),
  aRow({ fault: 'calm' }),
  aRow({ fault: 'calm', method: 'POST', sent: 20 }),
];

describe('the tables of the traffic benchmark', () => {
  const [failed, times, causes] = trafficTables(rows);

  it('have a row for each fault and a column for each way, and add up the runs', () => {
    assert.deepEqual(failed?.rows, [
      ['', 'hub', 'kube-proxy-like'],
      ['calm', '0 of 100', '-'],
      ['node killed', '0 of 100', '5 + 2 of 180'],
    ]);
  });

  it('tell the medians of times', () => {
    assert.deepEqual(times?.rows[2], ['node killed', '3, 9; 3, 9', '4, 10; -, -']);
  });

  it('tell the causes, the most frequent first', () => {
    assert.deepEqual(causes?.rows[2], ['node killed', '-', '6 refused, 1 reset']);
  });

  it('are printed for a terminal and for a page', () => {
    const table = {
      title: 'failed',
      rows: [
        ['', 'hub'],
        ['calm', '0 of 9'],
      ],
    };
    assert.equal(plainTable(table), 'failed\n        hub\n  calm  0 of 9');
    assert.equal(markdownTable(table), '| failed | hub |\n| --- | --- |\n| calm | 0 of 9 |');
  });
});

describe('the picture of failed requests', () => {
  it('has a group for each fault, with a bar for each way that was measured', () => {
    const svg = trafficPicture({ measured: '2026-12-01', ...conditions, rows });
    assert.match(svg, /node killed/);
    assert.match(svg, /7 of 180 kube-proxy-like/);
    assert.match(svg, /0 of 100 hub</);
    assert.doesNotMatch(svg, /node frozen|nginx tuned/);
  });
});

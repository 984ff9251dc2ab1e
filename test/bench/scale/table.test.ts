import assert from 'node:assert/strict';
import { markdownTable, plainTable, scaleTables } from '../../../tools/bench/scale/table.ts';
import { aCalmRow, aResult, aZoneRow } from './rows.ts';

const rows = [
  aZoneRow({ who: 'floor', wholeS: 10, cpuS: { 'kube-apiserver': 12 }, looks: null, rssMiB: null }),
  aZoneRow({ who: 'against', wholeS: 22, cpuS: { 'kube-apiserver': 25, operator: 10 }, rssMiB: 250 }),
  aZoneRow({ who: 'now', wholeS: 13 }),
  aZoneRow({ who: 'now', wholeS: 15, run: 2 }),
  aZoneRow({ who: 'now', wholeS: 99, run: 3 }),
  aZoneRow({ who: 'suspecting', wholeS: 30, fromDeathS: 30 }),
  aCalmRow({ who: 'now' }),
  aZoneRow({ who: 'now', kitchens: 300, namespaces: 30, wholeS: null, fromDeathS: null }),
  {
    kind: 'zone',
    kitchens: 300,
    namespaces: 30,
    who: 'floor',
    run: 1,
    wholeS: null,
    failed: 'the operator stopped',
  } as const,
];

describe('the table of a size', () => {
  const tables = scaleTables(aResult(rows));
  const cellsOf = (name: string, table = tables[0]): readonly string[] | undefined =>
    table?.rows.find(([first]) => first === name)?.slice(1);

  it('has a column for each subject, and medians of its runs', () => {
    assert.equal(tables[0]?.title, '100 Kitchens in one namespace');
    assert.deepEqual(cellsOf(''), ['floor', '2f8a23b', 'abc', 'abc, suspecting']);
    assert.deepEqual(cellsOf('runs'), ['1', '1', '3', '1']);
    assert.deepEqual(cellsOf('whole, after the first lost node'), ['10 s', '22 s', '15 s', '-']);
  });

  it('sets what is counted from the same moment beside the floor and the older commit', () => {
    assert.deepEqual(cellsOf('whole / floor'), ['-', '2.2', '1.5', '-']);
    assert.deepEqual(cellsOf('CPU, with the tail: API server / floor'), ['-', '2.08', '2.5', '-']);
    assert.deepEqual(cellsOf('CPU, with the tail: operator / older commit'), ['-', '-', '0.6', '-']);
    assert.deepEqual(cellsOf('RSS of the operator: after the death / older commit'), ['-', '-', '0.8', '-']);
  });

  it('lists kinds of writes, those that are not rare', () => {
    assert.deepEqual(cellsOf('writes a station: ours'), ['4.01', '4.01', '4.01', '4.01']);
    assert.deepEqual(cellsOf('writes a station: ours, patch stations/status'), ['3', '3', '3', '3']);
    assert.equal(cellsOf('writes a station: ours, delete pods'), undefined);
  });

  it('has figures of calm runs where there are any', () => {
    assert.deepEqual(cellsOf('a pod deleted: first write, p99'), ['-', '-', '80 ms', '-']);
    assert.equal(cellsOf('a pod deleted: first write, p99', tables[1]), undefined);
  });

  it('says what was not whole and what failed', () => {
    assert.equal(tables[1]?.title, '300 Kitchens in 30 namespaces');
    assert.deepEqual(cellsOf('runs', tables[1]), ['1, 1 not whole', '0, 1 failed']);
    assert.deepEqual(cellsOf('whole, after the first lost node', tables[1]), ['not within the limit', '-']);
  });

  it('is printed for a terminal and for a page', () => {
    const table = {
      title: '9 Kitchens',
      rows: [
        ['', 'floor'],
        ['runs', '1'],
      ],
    };
    assert.equal(plainTable(table), '9 Kitchens\n        floor\n  runs  1');
    assert.equal(markdownTable(table), '| 9 Kitchens | floor |\n| --- | --- |\n| runs | 1 |');
  });
});

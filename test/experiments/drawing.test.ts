import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import { drawing } from '../../tools/experiments/drawing.ts';
import type { Outcome, Part } from '../../tools/experiments/play.ts';
import { table } from '../../tools/experiments/save.ts';
import { twoSentences } from '../../tools/experiments/words.ts';

const calm: Part = {
  demand: 2,
  full: 3,
  least: 3,
  shortMs: 0,
  wholeAfterMs: 0,
  traffic: { sent: 7200, failed: 0, errors: {}, maxMs: 25, failures: [] },
  steps: [
    { atMs: 0, pods: 3 },
    { atMs: 72_000, pods: 3 },
  ],
};
const hurt: Part = {
  ...calm,
  full: 2,
  least: 1,
  shortMs: 36_000,
  wholeAfterMs: undefined,
  traffic: { ...calm.traffic, failed: 4, errors: { EOF: 1, refused: 3 }, failures: [{ second: 36, failed: 4 }] },
  steps: [
    { atMs: 0, pods: 2 },
    { atMs: 36_000, pods: 1 },
    { atMs: 72_000, pods: 1 },
  ],
};
const outcome: Outcome = {
  name: 'drain-node',
  title: 'a node is drained',
  isVoluntary: true,
  rate: 100,
  lengthMs: 72_000,
  noticedAfterMs: 0,
  kitchen: calm,
  plain: hurt,
  control: calm.traffic,
};

describe('the outcome of an experiment', () => {
  it('is drawn: pods that run, what was promised, and where requests failed', () => {
    const lines = stripVTControlCharacters(drawing(outcome)).split('\n');
    const half = 36;
    assert.equal(lines[1], `  3 │${'█'.repeat(72)}`);
    assert.deepEqual(lines.slice(6, 10), [
      'plain Deployment: pods that run, of 2 promised; × where some of 7200 requests failed (4)',
      `  3 │${' '.repeat(72)}`,
      `  2 ┤${'█'.repeat(half)}${'·'.repeat(half)}`,
      `  1 │${'█'.repeat(72)}`,
    ]);
    assert.equal(lines[10], `    └${' '.repeat(half)}×${' '.repeat(half - 1)}`);
    assert.match(lines[11] ?? '', /^ +0 s +72 s$/);
  });

  it('is told in two sentences', () => {
    assert.equal(
      twoSentences(outcome),
      'The Kitchen ran 3 pods at the least where 2 were promised, and failed 0 of 7,200 requests. ' +
        'The plain Deployment ran 1 pod at the least where 2 were promised, was short for 36 s and still is, and failed 4 of 7,200 requests (refused 3, EOF 1).',
    );
  });

  it('is a row of the table', () => {
    const [, , row] = table([outcome]).split('\n');
    assert.equal(row, '| `drain-node` | 3 of 2 | - | 0 of 7,200 | 1 of 2 | still after 36 s | 4 of 7,200 | 0 |');
  });
});

import assert from 'node:assert/strict';

import { durationMs, goDurationMs } from '../../operator/api/duration.ts';

describe('a duration', () => {
  it('is a number and its unit', () => {
    const read = ['500ms', '25s', '1.5m', '6h', '0s'].map(durationMs);
    assert.deepEqual(read, [500, 25_000, 90_000, 21_600_000, 0]);
  });

  it('is nothing else', () => {
    for (const text of ['', '25', 's', '-25s', '25 s', '1h30m', '25S', '1d', '.5s', 'Infinitys'])
      assert.equal(durationMs(text), undefined, text);
  });
});

describe('goDurationMs', () => {
  const table: readonly (readonly [string, number | undefined])[] = [
    ['15.036s', 15_036],
    ['1m0s', 60_000],
    ['1h2m3.5s', 3_723_500],
    ['0s', 0],
    ['', undefined],
    ['30', undefined],
    ['1m 0s', undefined],
    ['-5s', undefined],
  ];
  for (const [text, ms] of table) {
    it(`makes ${ms} of ${JSON.stringify(text)}`, () => assert.equal(goDurationMs(text), ms));
  }
});

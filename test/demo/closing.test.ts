import assert from 'node:assert/strict';
import { withColours } from '../builders/colours.ts';
import { chapterLine, closingTable, promiseHeld } from '../../tools/demo/closing.ts';
import type { Chapter } from '../../tools/demo/closing.ts';
import type { Reading } from '../../tools/demo/gauge.ts';

const kitchen = { service: 'grill', demand: 6, full: 9 };

function aReading(over: Partial<Reading> = {}): Reading {
  return { now: 9, least: 8, wholeAfterMs: 2_040, elapsedMs: 4_100, ...over };
}

function aChapter(over: Partial<Chapter> = {}): Chapter {
  return { title: 'a node dies', kitchen: aReading(), plain: aReading({ least: 5 }), broken: [], ...over };
}

describe('the closing table', () => {
  withColours(false);

  it('compares what really ran and when all ran again', () => {
    const chapters = [
      aChapter({ title: 'a pod is deleted' }),
      aChapter({
        kitchen: aReading({ least: 7, wholeAfterMs: 47_400 }),
        plain: aReading({ least: 5, wholeAfterMs: undefined, elapsedMs: 79_900 }),
      }),
      aChapter({ title: 'the node comes back', kitchen: aReading({ least: 9, wholeAfterMs: 0 }) }),
    ];
    assert.equal(
      closingTable(chapters, kitchen),
      `
Both promise 6 pods; the Kitchen keeps 9, so that any zone may go
The least that really ran, and when all ran again:

  EVENT                KITCHEN  WHOLE AGAIN  PLAIN  WHOLE AGAIN
  a pod is deleted     8 ✓      after 2.0 s  5 ✗    after 2.0 s
  a node dies          7 ✓      after 47 s   5 ✗    still short after 80 s
  the node comes back  9 ✓      at once      5 ✗    after 2.0 s

✓ no station of the Kitchen ever ran fewer pods than it promised`,
    );
  });

  it('names every promise that was broken, that of another station too', () => {
    const broken = aChapter({ broken: ['grill ran 5 of 6', 'oven ran 3 of 4'] });
    assert.deepEqual(closingTable([aChapter(), broken], kitchen).split('\n').slice(-2), [
      '✗ a node dies: grill ran 5 of 6',
      '✗ a node dies: oven ran 3 of 4',
    ]);
    assert.equal(promiseHeld([aChapter(), broken]), false);
    assert.equal(promiseHeld([aChapter()]), true);
  });

  it('has a line for each event as it is over', () => {
    assert.equal(
      chapterLine(aChapter({ plain: aReading({ least: 5, wholeAfterMs: undefined, elapsedMs: 79_900 }) }), kitchen),
      '  least: Kitchen 8, whole after 2.0 s; plain 5 of 6, still short after 80 s',
    );
  });
});

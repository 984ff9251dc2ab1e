import assert from 'node:assert/strict';
import { scalePicture } from '../../../tools/bench/scale/picture.ts';
import { aResult, aZoneRow } from './rows.ts';

describe('the picture of sizes', () => {
  const svg = scalePicture(
    aResult([
      aZoneRow({ who: 'floor', wholeS: 9 }),
      aZoneRow({ who: 'now', wholeS: 12 }),
      aZoneRow({ who: 'now', wholeS: 14, run: 2 }),
      aZoneRow({ who: 'suspecting', wholeS: 33 }),
      aZoneRow({ who: 'now', wholeS: null, kitchens: 1_000, namespaces: 100 }),
    ]),
  );

  it('sets the medians of floor and now side by side, without the run that is counted otherwise', () => {
    assert.match(svg, /9 s floor/);
    assert.match(svg, /13 s now/);
    assert.doesNotMatch(svg, /33 s/);
  });

  it('says so where the stations were not whole', () => {
    assert.match(svg, /1000 in 100</);
    assert.match(svg, /not within the limit now/);
  });
});

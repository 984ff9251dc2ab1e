import assert from 'node:assert/strict';
import { escaped, page, scale, ticks } from '../../tools/bench/svg.ts';

describe('a chart', () => {
  it('lays values over pixels, upwards too', () => {
    const y = scale([8, 12], [100, 20]);
    assert.deepEqual([y(8), y(12), y(10), y.to], [100, 20, 60, 12]);
  });

  it('has round ticks, five at most besides 0', () => {
    assert.deepEqual(ticks(480), [0, 100, 200, 300, 400]);
    assert.deepEqual(ticks(15), [0, 5, 10, 15]);
    assert.deepEqual(ticks(50), [0, 10, 20, 30, 40, 50]);
  });

  it('has colours for light and for dark surroundings, and text that is text', () => {
    const svg = page({ width: 10, height: 10, title: 'a < b' }, { line: ['#111111', '#eeeeee'] }, [
      '<path class="line"/>',
    ]);
    assert.match(svg, /<title>a &lt; b<\/title>/);
    const [light, dark] = svg.split('@media(prefers-color-scheme:dark)');
    assert.match(light ?? '', /\.line\{stroke:#111111\}/);
    assert.match(dark ?? '', /\.line\{stroke:#eeeeee\}/);
    assert.equal(escaped('"x" & y > z'), '&quot;x&quot; &amp; y &gt; z');
  });
});

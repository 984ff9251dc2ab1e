import assert from 'node:assert/strict';
import { runsOf } from '../../tools/demo/ansi.ts';
import { animatedSvg } from '../../tools/demo/svg.ts';

const room = { width: 40, height: 3 };

describe('runsOf', () => {
  it('places words by columns, whatever the gaps between them are made of', () => {
    assert.deepEqual(runsOf('  NAME of   \u001B[31mx\u001B[39m y'), [
      { column: 2, text: 'NAME of', classes: '' },
      { column: 12, text: 'x', classes: 'r' },
      { column: 14, text: 'y', classes: '' },
    ]);
  });

  it('follows colours and traits as they begin and end', () => {
    const runs = runsOf(
      '\u001B[1m\u001B[32ma\u001B[39mb\u001B[22mc\u001B[2md\u001B[22m\u001B[9me\u001B[29m\u001B[1;36mf\u001B[0mg',
    );
    assert.deepEqual(
      runs.map(({ text, classes }) => `${text}:${classes}`),
      ['a:g B', 'b:B', 'c:', 'd:d', 'e:s', 'f:c B', 'g:'],
    );
  });

  it('has nothing for an empty line', () => {
    assert.deepEqual(runsOf(''), []);
    assert.deepEqual(runsOf('   \u001B[1m  \u001B[22m'), []);
  });
});

describe('the animated SVG', () => {
  const shots = [
    { text: 'a < b & c\nshared', forMs: 1_000 },
    { text: 'other\nshared', forMs: 3_000 },
  ];
  const svg = animatedSvg(shots, room);

  it('shows each picture for its time, and only the last one with reduced motion', () => {
    const height = 3 * 19;
    assert.ok(
      svg.includes(
        `@keyframes play{0%{transform:translateY(0px)}25%{transform:translateY(-${height}px)}100%{transform:translateY(-${height}px)}}`,
      ),
    );
    assert.ok(svg.includes('animation:play 4s steps(1,end) infinite'));
    assert.match(
      svg,
      new RegExp(`prefers-reduced-motion:reduce\\){\\.strip{animation:none;transform:translateY\\(-${height}px`),
    );
  });

  it('writes a line that pictures share once', () => {
    assert.equal(svg.match(/>shared</g)?.length, 1);
    const [, id] = /<text id="(\w+)"[^>]*><tspan[^>]*>shared/.exec(svg) ?? [];
    assert.deepEqual(
      [...svg.matchAll(new RegExp(`<use href="#${id}" y="(\\d+)"/>`, 'g'))].map(([, y]) => y),
      ['19', String(3 * 19 + 19)],
    );
  });

  it('escapes what XML would take for its own', () => {
    assert.ok(svg.includes('>a &lt; b &amp; c<'));
  });

  it('needs nothing from elsewhere and runs nothing', () => {
    assert.doesNotMatch(svg, /<script|<foreignObject|<image|@import|url\(|on\w+=/);
    assert.deepEqual(
      [...svg.matchAll(/https?:\/\/[^"]*/g)].map(([url]) => url),
      ['http://www.w3.org/2000/svg'],
    );
  });

  it('opens and closes every element', () => {
    const open: string[] = [];
    for (const [, end, name = '', empty] of svg.matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g)) {
      if (end === '/') assert.equal(open.pop(), name);
      else if (empty !== '/') open.push(name);
    }
    assert.deepEqual(open, []);
  });

  it('cuts a picture that is too high', () => {
    const high = animatedSvg([{ text: '1\n2\n3\n4', forMs: 1 }], room);
    assert.ok(high.includes('>3<') && !high.includes('>4<'));
  });
});

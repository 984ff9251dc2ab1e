import assert from 'node:assert/strict';
import { withColours } from '../builders/colours.ts';
import { aStation } from '../builders/kitchen.ts';
import { aLook } from '../builders/look.ts';
import { aScene } from '../builders/scene.ts';
import type { Recording } from '../../tools/demo/recording.ts';
import { openScreen, recorded } from '../../tools/demo/screen.ts';

class Paper {
  readonly columns = 60;
  readonly rows = 20;
  readonly isTTY: boolean;
  text = '';

  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }

  write(text: string): boolean {
    this.text += text;
    return true;
  }
}

const decided = (what: string) => ({ id: what, time: '2026-01-01T00:00:00Z', what, why: 'so' });
const looked = (...whats: readonly string[]) =>
  aLook({ stations: [aStation({ status: { decisions: whats.map(decided) } })] });

describe('the screen', () => {
  withColours(false);

  it('without a terminal is plain lines: what is said, and each decision once', () => {
    const paper = new Paper(false);
    using screen = openScreen(paper);
    screen.say('hello');
    screen.show(looked('one'), aScene());
    screen.show(looked('two', 'one'), aScene());
    screen.end('the end');
    const lines = paper.text.split('\n').map((line) => line.replace(/^ {2}\d\d:\d\d:\d\d {2}/, ''));
    assert.deepEqual(lines, ['hello', 'grill  one: so', 'grill  two: so', 'the end', '']);
    assert.ok(!paper.text.includes('\u001B'));
  });

  it('on a terminal is a picture that is drawn over the last, and lines above it that fit', () => {
    const paper = new Paper(true);
    using screen = openScreen(paper);
    screen.show(looked('one'), aScene());
    assert.match(paper.text, /a node dies {2}0:30[^]*one: so/);
    paper.text = '';
    screen.show(looked('one'), aScene({ elapsedMs: 31_000 }));
    assert.match(paper.text, /0:31/);
    // Up over the old picture, or its lines erased one by one.
    assert.ok(paper.text.includes('\u001B[2K'));
    paper.text = '';
    screen.say('x'.repeat(80));
    assert.ok(paper.text.includes(`${'x'.repeat(59)}…\n`) && !paper.text.includes('x'.repeat(60)));
  });

  it('is recorded as a picture although it shows lines only', () => {
    const paper = new Paper(false);
    const taken: string[] = [];
    const recording = { add: (text: string) => taken.push(text) } as unknown as Recording;
    using screen = recorded(openScreen(paper), recording, { width: 50, height: 20 });
    screen.say('hello');
    screen.show(looked('one'), aScene());
    screen.end('the end');
    assert.equal(taken.length, 2);
    assert.match(taken[0] ?? '', /^3 of 4: a node dies {2}0:30\n/);
    assert.equal(taken[1], 'the end');
    assert.match(paper.text, /^hello\n.*one: so\nthe end\n$/);
  });
});

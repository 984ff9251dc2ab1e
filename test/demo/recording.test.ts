import assert from 'node:assert/strict';
import { Recording } from '../../tools/demo/recording.ts';

const pace = { playMs: 20_000, lastMs: 5_000 };

/** Pictures at these moments: the clock in the first line, what there is in the second. */
function recording(...pictures: readonly (readonly [atMs: number, what: string])[]): Recording {
  const made = new Recording();
  for (const [atMs, what] of pictures) made.add(`clock ${Math.floor(atMs / 1000)}\n${what}`, atMs);
  return made;
}

function whats(made: Recording, how = pace): readonly string[] {
  return made.shots(how).map(({ text }) => text.split('\n')[1] ?? '');
}

function playMs(made: Recording, how = pace): number {
  return made.shots(how).reduce((sum, { forMs }) => sum + forMs, 0);
}

describe('Recording', () => {
  it('plays what changed, for as long as it was seen', () => {
    const made = recording([0, 'a'], [200, 'a'], [400, 'b'], [900, 'c']);
    assert.deepEqual(made.shots(pace), [
      { text: 'clock 0\na', forMs: 400 },
      { text: 'clock 0\nb', forMs: 500 },
      { text: 'clock 0\nc', forMs: 5_000 },
    ]);
  });

  it('shortens a pause, and lets the clock run fast through it', () => {
    const waiting = Array.from({ length: 50 }, (_, second) => [second * 1000, 'a'] as const);
    const made = recording(...waiting, [50_000, 'b'], [50_400, 'c']);
    const shots = made.shots(pace);
    const pause = shots.filter(({ text }) => text.endsWith('\na'));
    const forMs = pause.reduce((sum, shot) => sum + shot.forMs, 0);
    assert.ok(forMs > 2_000 && forMs < 5_000, `${forMs} ms`);
    assert.ok(pause.length >= 10, `${pause.length} pictures`);
    assert.equal(new Set(pause.map(({ text }) => text)).size, pause.length);
    assert.equal(shots.find(({ text }) => text.endsWith('\nb'))?.forMs, 400);
  });

  it('takes no longer than it may, however much happened', () => {
    const busy = Array.from({ length: 500 }, (_, index) => [index * 300, String(index)] as const);
    const made = recording(...busy);
    assert.ok(Math.abs(playMs(made) - 25_000) < 100, `${playMs(made)} ms`);
    assert.ok(made.shots(pace).every(({ forMs }) => forMs >= 80));
  });

  it('leaves out what would be seen for an instant only', () => {
    assert.deepEqual(whats(recording([0, 'a'], [400, 'flash'], [420, 'b'], [900, 'c'])), ['a', 'b', 'c']);
  });

  it('ends with the last picture', () => {
    assert.deepEqual(whats(recording([0, 'a'], [10, 'b'])), ['b']);
    assert.deepEqual(new Recording().shots(pace), []);
  });
});

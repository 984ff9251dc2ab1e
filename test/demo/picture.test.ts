import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { withColours } from '../builders/colours.ts';
import { aStation } from '../builders/kitchen.ts';
import { aLook, aLookedAtNode, lookedAtPods } from '../builders/look.ts';
import { aScene } from '../builders/scene.ts';
import { decisions } from '../../tools/demo/decisions.ts';
import { picture } from '../../tools/demo/picture.ts';

/** What a station decided at these seconds of one minute, newest first as in a status. */
function aDecider(station: string, ...seconds: readonly number[]) {
  const made = seconds.map((second) => ({
    id: `d-${second}`,
    time: `2026-01-01T00:00:${String(second).padStart(2, '0')}Z`,
    what: `grow ${second}`,
    why: 'because of a very long reason that no terminal of usual width can show in a single line of its own',
  }));
  const status = { demand: 6, target: 9, ready: 8, survives: '1 node', decisions: made };
  return aStation({ station, replicas: 6, status });
}

const nodes = [
  aLookedAtNode('zone-a-1', { alive: false }),
  aLookedAtNode('zone-a-2', { cordoned: true }),
  aLookedAtNode('zone-b-1'),
];
const pods = [
  ...lookedAtPods('plain', ['zone-a-1', 'zone-b-1']),
  ...lookedAtPods('grill', ['zone-a-1', 'zone-b-1']),
  ...lookedAtPods('oven', ['zone-b-1'], { ready: false }),
];
const seen = aLook({ nodes, pods, stations: [aDecider('grill', 5, 3, 1)] });

describe('the picture', () => {
  withColours(false);
  const wide = { width: 100, height: 40 };

  it('shows what is going on, what really runs, stations, nodes and pods', () => {
    const lines = picture(seen, aScene(), wide).split('\n');
    assert.deepEqual(lines.slice(0, 14), [
      '3 of 4: a node dies  0:30',
      'zone-a-1 loses its power.',
      '',
      '  REALLY RUNNING        PROMISED  NOW  LEAST  WHOLE AGAIN',
      '  grill of the Kitchen  6         8    7      not yet      ■■■■■■ ■■□',
      '  plain Deployment      6         5    5      not yet      ■■■■■□',
      '',
      '  STATION  DEMAND  TARGET  READY  SURVIVES THE LOSS OF',
      '  grill    6       9       8      1 node',
      '',
      '  zone-a                              zone-b',
      '  zone-a-1✗ × ×                       zone-b-1  G o P',
      '  zone-a-2⤓',
      '  G grill  O oven  P plain  small: starts or ends  ⤓ being drained  ✗ dead node  × its pods',
    ]);
  });

  it('changes only in its first line when nothing but time goes by', () => {
    const [first = '', ...rest] = picture(seen, aScene({ elapsedMs: 59_000 }), wide).split('\n');
    const [later = '', ...others] = picture(seen, aScene({ elapsedMs: 61_000 }), wide).split('\n');
    assert.ok(first.endsWith('0:59') && later.endsWith('1:01'));
    assert.deepEqual(others, rest);
  });

  for (const room of [
    { width: 100, height: 39 },
    { width: 80, height: 23 },
    { width: 40, height: 17 },
  ]) {
    it(`is no larger than a terminal of ${room.width} columns and ${room.height} lines`, () => {
      const many = aLook({ nodes, pods, stations: [aDecider('grill', 9, 8, 7, 6, 5, 4, 3, 2, 1)] });
      const lines = picture(many, aScene(), room).split('\n');
      assert.ok(lines.length <= room.height, `${lines.length} lines`);
      assert.ok(lines.every((line) => stringWidth(line) <= room.width));
      assert.match(lines.at(-1) ?? '', /grow 9.*…$/);
    });
  }

  it('explains its signs in short where there is no room for more', () => {
    const four = ['plain', 'grill', 'oven', 'till'].flatMap((service) => lookedAtPods(service, ['zone-a-1']));
    const text = picture(aLook({ pods: four }), aScene(), { width: 80, height: 23 });
    assert.match(text, /^ {2}G grill {2}O oven {2}P plain {2}T till {2}small: .* × its pods$/m);
  });

  it('puts all zones beside each other on 80 columns', () => {
    const three = aLook({ pods: lookedAtPods('grill', ['zone-c-1']) });
    assert.match(picture(three, aScene(), { width: 80, height: 23 }), /zone-a +zone-b +zone-c\n.*zone-c-1 {2}G\n/);
  });
});

describe('the colours of the picture', () => {
  withColours(true);

  it('are red for a count below its promise and green at it', () => {
    const text = picture(seen, aScene(), { width: 100, height: 40 });
    assert.ok(text.includes('\u001B[32m■■■■■■\u001B[39m'));
    assert.ok(text.includes('\u001B[31m■■■■■□\u001B[39m'));
  });

  it('take no room', () => {
    const lines = picture(seen, aScene(), { width: 63, height: 40 }).split('\n');
    assert.ok(lines.every((line) => stringWidth(line) <= 63));
    assert.ok(stripVTControlCharacters(lines[4] ?? '').endsWith('■■■…'), lines[4]);
  });
});

describe('decisions', () => {
  it('of all stations are told in the order they were made, the newest few of them', () => {
    const told = decisions([aDecider('grill', 5, 3, 1), aDecider('oven', 4, 3)], 4);
    assert.deepEqual(
      told.map((line) => line.slice(10, 24)),
      ['grill  grow 3:', 'oven   grow 3:', 'oven   grow 4:', 'grill  grow 5:'].map((line) => line.slice(0, 14)),
    );
  });

  it('of the same second keep the order of their station', () => {
    const station = aDecider('grill', 7, 7);
    const [newest, older] = station.status?.decisions ?? [];
    const told = decisions([{ ...station, status: { decisions: [{ ...newest!, what: 'last' }, older!] } }], 9);
    assert.match(told.at(-1) ?? '', / last: /);
  });

  it('may be none', () => {
    assert.deepEqual(decisions([aStation()], 8), []);
  });
});

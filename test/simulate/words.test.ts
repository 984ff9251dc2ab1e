import assert from 'node:assert/strict';
import type { Event } from '../../tools/simulate/sim/events.ts';
import { eventIn, inWords, wordsHelp } from '../../tools/simulate/words.ts';

const said: readonly (readonly [string, Event])[] = [
  ['kill zone-a-1', { kind: 'killNode', node: 'zone-a-1' }],
  ['kill zone-a', { kind: 'killZone', zone: 'zone-a' }],
  ['quota 7', { kind: 'quota', pods: 7 }],
  ['quota none in zone-b', { kind: 'quota', pods: Number.POSITIVE_INFINITY, zone: 'zone-b' }],
  ['new template', { kind: 'template' }],
  ['new template without tolerations', { kind: 'narrow' }],
  ['restart kubelet of zone-a-1 for 1500ms', { kind: 'restartKubelet', node: 'zone-a-1', forMs: 1500 }],
  ['use zone-a,zone-b', { kind: 'zones', zones: ['zone-a', 'zone-b'] }],
  [
    'new ports web:8080,9090 with target web',
    { kind: 'ports', target: 'web', of: [{ name: 'web', containerPort: 8080 }, { containerPort: 9090 }] },
  ],
  ['new ports nothing with target 80', { kind: 'ports', target: 80, of: [] }],
  [
    'contest zone-a with 2 every 15s for 30m',
    { kind: 'contest', zone: 'zone-a', most: 2, everyMs: 15_000, forMs: 1_800_000 },
  ],
];

describe('events in words', () => {
  for (const [words, event] of said) {
    it(`are understood and said: ${words}`, () => {
      assert.deepEqual(eventIn(words), event);
      assert.equal(inWords(event), words);
    });
  }

  it('are understood with any spaces', () => {
    assert.deepEqual(eventIn('  kill   zone-a '), { kind: 'killZone', zone: 'zone-a' });
  });

  it('say what would be right where a word is wrong', () => {
    assert.throws(
      () => eventIn('bad template broken'),
      /"bad template broken": say bad template FAULT; FAULT is pull, crash/,
    );
    assert.throws(() => eventIn('kill'), /say kill NODE, or kill ZONE; NODE is a node, as zone-a-1; ZONE is a zone/);
    assert.throws(() => eventIn('murder zone-a'), /none begins with "murder", --help lists all/);
  });

  it('are listed with what is to be written where something is left open', () => {
    const help = wordsHelp();
    assert.match(help, /^ {2}kill NODE +the machine dies$/m);
    assert.match(help, /^ {2}NODE +a node, as zone-a-1$/m);
  });
});

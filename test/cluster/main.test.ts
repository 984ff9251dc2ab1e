import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { table } from '../../tools/cluster/table.ts';

describe('npm run cluster', () => {
  let state: string;
  const run = (...args: string[]) => {
    const main = join(import.meta.dirname, '../../tools/cluster/main.ts');
    const { status, stderr } = spawnSync(process.execPath, [main, ...args], {
      encoding: 'utf8',
      env: { ...process.env, XDG_STATE_HOME: state },
    });
    return { status, stderr };
  };

  before(() => {
    state = mkdtempSync(join(tmpdir(), 'kitchen-state-'));
  });
  after(() => rmSync(state, { recursive: true }));

  for (const [args, words] of [
    [['status'], /no cluster named kitchen: there is none\. Start it with: npm run cluster -- up --name kitchen/],
    [['down', '--name', 'lab'], /no cluster named lab/],
    [['up', '--name', '../x'], /"\.\.\/x" is no name for a cluster/],
    [['up', '--grace', 'long'], /"long" is no duration: write 500ms, 2s or 1m/],
    [['up', '--zones', '0'], /write a whole number above 0/],
    [['kill', 'pod', 'x'], /write node or zone/],
    [['heal', 'node'], /missing required argument 'which'/],
    [['add', 'node'], /required option '--zone <zone>' not specified/],
    [['dance'], /unknown command 'dance'/],
  ] as const) {
    it(`refuses "${args.join(' ')}" in words`, () => {
      const { status, stderr } = run(...args);
      assert.equal(status, 1);
      assert.match(stderr, words);
      assert.doesNotMatch(stderr, /\n\s+at /, 'no stack');
    });
  }

  it('prints tables whose columns line up', () => {
    assert.equal(
      table(
        ['zone', 'n'],
        [
          ['zone-a', '1'],
          ['b', '22'],
        ],
      ),
      'ZONE     N\nzone-a   1\nb        22',
    );
  });
});

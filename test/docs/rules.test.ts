import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { headOf, ladderIn, page, pageWithRules } from '../../tools/generate/rules.ts';

const root = join(import.meta.dirname, '../..');

describe('the tables of rules in docs/how-it-works.md', () => {
  it('are as the heads of the files have them (else: npm run generate)', async () => {
    assert.equal(await readFile(join(root, page), 'utf8'), await pageWithRules());
  });

  it('begin with the ladder, in the order of planStation.ts', async () => {
    const text = await readFile(join(root, page), 'utf8');
    const [ladder = ''] = text.slice(text.indexOf('| rule of the ladder')).split('\n\n');
    const names = [...ladder.matchAll(/^\| \[(.*?)\]/gm)].map(([, name]) => name);
    assert.deepEqual(names, [
      'roll back',
      'hand over',
      'bring home',
      'shrink',
      'even out',
      'make room',
      'roll out',
      'prune',
    ]);
  });
});

describe('the head of a rule', () => {
  const file = 'operator/plan/station/rules/handOver.ts';

  it('gives the first sentence and the lines of the formula', () => {
    const text =
      '/*\n * Hand over: lets pods go,\n * one by one. More.\n *\n *   a ≥ b        b = 1\n *   c\n *\n *   d\n */\n';
    assert.deepEqual(headOf(file, text), {
      name: 'Hand over',
      does: 'lets pods go, one by one.',
      formula: ['a ≥ b, b = 1', 'c'],
    });
  });

  for (const [what, text] of [
    ['has no comment', 'export {};\n'],
    ['gives no name', '/*\n * Lets pods go.\n */\n'],
    ['gives the name of another rule', '/*\n * Bring home: lets pods go.\n */\n'],
    ['ends no sentence', '/*\n * Hand over: lets pods go\n */\n'],
  ] as const)
    it(`is an error that names the file when it ${what}`, () => {
      assert.throws(() => headOf(file, text), {
        message: `${file} does not open with a comment whose first sentence is \`Hand over: what the rule does.\``,
      });
    });

  it('is looked for in the file from which the ladder imports the rule', () => {
    const text = "import { a, tryIt } from './rules/it.ts';\nconst ladder: readonly LadderRule[] = [\n  tryIt,\n];\n";
    assert.deepEqual(ladderIn(text), ['operator/plan/station/rules/it.ts']);
    assert.throws(() => ladderIn(text.replace('tryIt,', 'tryOther,')), /imports no tryOther/);
    assert.throws(() => ladderIn('const rules = [];\n'), /no list that starts with const ladder/);
  });
});

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const docs = join(import.meta.dirname, '../../docs');

interface Entry {
  readonly term: string;
  readonly meaning: string;
  readonly code: string;
}

interface Named {
  readonly identifier: string;
  readonly file: string;
}

function entriesIn(page: string): readonly Entry[] {
  const rows = [...page.matchAll(/^\| (.*) \| (.*) \| (.*) \|$/gm)].map(([, term = '', meaning = '', code = '']) => ({
    term,
    meaning,
    code,
  }));
  return rows.filter(({ term }) => term !== 'term' && term !== '---');
}

function namesIn({ code }: Entry): readonly Named[] {
  return [...code.matchAll(/\[`(.+?)`\]\((.+?)\)/g)].map(([, identifier = '', file = '']) => ({ identifier, file }));
}

/** The text of what a file declares at its top level under a name; undefined when it declares no such thing. */
function declarationOf(name: string, text: string): string | undefined {
  const found = new RegExp(
    String.raw`^(?:export )?(?:async )?(?:const|function|interface|type|class) ${name}\b`,
    'm',
  ).exec(text);
  if (found === null) return undefined;
  const [first = ''] = text.slice(found.index).split('\n');
  return text.slice(found.index).split(first.endsWith('{') ? '\n}' : '\n\n')[0];
}

/** `Name`, `Interface.field` or `Type = 'member'`. */
function isDeclared(identifier: string, text: string): boolean {
  const [, name = '', field, member] = /^(\w+)(?:\.(\w+)| = '(\w+)')?$/.exec(identifier) ?? [];
  const declaration = name === '' ? undefined : declarationOf(name, text);
  if (declaration === undefined) return false;
  if (field !== undefined) return new RegExp(String.raw`^  readonly ${field}\??:`, 'm').test(declaration);
  return member === undefined || declaration.includes(`'${member}'`);
}

describe('the glossary', () => {
  let entries: readonly Entry[];
  before(async () => {
    entries = entriesIn(await readFile(join(docs, 'glossary.md'), 'utf8'));
  });

  it('has every term, once', () => {
    assert.deepEqual(entries.map(({ term }) => term).toSorted(), [
      'child',
      'demand',
      'doubtful',
      'full zone',
      'handed over',
      'held intent',
      'intent',
      'leaving',
      'lost zone',
      'marked',
      'misplaced',
      'owed',
      'pool',
      'shard',
      'shifted',
      'starting',
      'stranger',
      'sure',
      'surplus',
      'survive',
      'suspect node',
      'target',
      'zone in doubt',
    ]);
  });

  it('names what operator/ declares, in the file that it links', async () => {
    for (const entry of entries) {
      const names = namesIn(entry);
      assert.ok(names.length > 0, `${entry.term} names nothing in the code`);
      for (const { identifier, file } of names) {
        assert.match(file, /^\.\.\/operator\//);
        const text = await readFile(join(docs, file), 'utf8');
        assert.ok(isDeclared(identifier, text), `${entry.term}: ${file} does not declare ${identifier}`);
      }
    }
  });

  it('is checked by what a file declares, not by what it mentions', () => {
    const text =
      "// One, Two.three\nimport { One } from './one.ts';\n\nexport interface Two {\n  readonly two: 1;\n\n  readonly four?: 2;\n}\n\n" +
      "interface Three {\n  readonly three: 1;\n}\n\nexport type Five = 'six' | 'seven';\n\nconst eight = 'nine';\n";
    for (const identifier of ['Two', 'Two.two', 'Two.four', 'Three.three', 'Five', "Five = 'seven'", 'eight'])
      assert.ok(isDeclared(identifier, text), identifier);
    for (const identifier of ['One', 'Two.three', "Five = 'nine'", 'six', 'two', 'Two two'])
      assert.ok(!isDeclared(identifier, text), identifier);
  });
});

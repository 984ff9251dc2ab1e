import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';

const root = join(import.meta.dirname, '..');

interface Source {
  readonly file: string;
  readonly text: string;
}

/** Words that a reader has to guess at, or that say nothing, and what to say instead. */
const banned: readonly (readonly [word: RegExp, instead: string])[] = [
  [/\bwhoever\b/i, 'name who it is'],
  [/\bof its own accord\b/i, 'by itself'],
  [/\bsuch as it is\b/i, 'say how it is'],
  [/\bamiss\b/i, 'wrong'],
  [/\bfor want of\b/i, 'because there is no'],
  [/\bnobody's\b/i, 'say whose it is not'],
  [/\bsomebody\b|\bwhosoever\b/i, 'name who it is'],
  [/\banew\b/i, 'again'],
  [/\btill\b/i, 'until'],
  [/\bfor ever\b/i, 'always, or endless'],
  [/\blest\b/i, 'so that … not'],
  [/(?<!\bneither\b[^.]*)\bnor\b/i, 'and not'],
  [/\bsimply\b|\bobviously\b|\bof course\b/i, 'leave it out'],
];

/** Parts of names that say nothing of what a thing is for. */
const emptyNames = /(?:Manager|Helper|Util|Utils|Handler)$/;

async function sourcesIn(folder: string): Promise<readonly Source[]> {
  const entries = await readdir(join(root, folder), { recursive: true });
  const files = entries
    .filter((entry) => entry.endsWith('.ts'))
    .map((entry) => join(folder, entry).replaceAll(sep, '/'));
  return Promise.all(files.map(async (file) => ({ file, text: await readFile(join(root, file), 'utf8') })));
}

/** Names that a file declares at its top level. */
function declaredIn(text: string): readonly { readonly name: string; readonly exported: boolean }[] {
  const found = text.matchAll(/^(export )?(?:async )?(?:const|function|interface|type|class) (\w+)/gm);
  return [...found].map(([, exported, name = '']) => ({ name, exported: exported !== undefined }));
}

function commentsIn(text: string): string {
  return [...text.matchAll(/\/\*[\s\S]*?\*\/|(?<=^\s*|\s)\/\/ .*$/gm)].map(([comment]) => comment).join('\n');
}

describe('the names of operator/', () => {
  it('mean one thing each: no other file declares what one exports', async () => {
    const filesOf = new Map<string, Set<string>>();
    const exported = new Set<string>();
    for (const { file, text } of await sourcesIn('operator')) {
      for (const each of declaredIn(text)) {
        filesOf.set(each.name, (filesOf.get(each.name) ?? new Set()).add(file));
        if (each.exported) exported.add(each.name);
      }
    }
    assert.ok(exported.size > 300, `only ${exported.size} names were found`);
    const twice = [...exported].flatMap((name) => {
      const files = [...(filesOf.get(name) ?? [])];
      return files.length > 1 ? [`${name} in ${files.join(' and ')}`] : [];
    });
    assert.deepEqual(twice, []);
  });

  it('say what a thing is for', async () => {
    const empty = (await sourcesIn('operator')).flatMap(({ file, text }) =>
      [...declaredIn(text).map(({ name }) => name), file.replace(/\.ts$/, '')]
        .filter((name) => emptyNames.test(name))
        .map((name) => `${name} in ${file}`),
    );
    assert.deepEqual(empty, []);
  });
});

describe('the words of the code', () => {
  for (const folder of ['operator', 'tools', 'test']) {
    it(`begin no comment with "The same": they say what it is (${folder})`, async () => {
      const lazy = (await sourcesIn(folder)).flatMap(({ file, text }) =>
        [...text.matchAll(/\/\*\*?\s*(?:\*\s*)?The same\b.*/g)].map(([comment]) => `${file}: ${comment}`),
      );
      assert.deepEqual(lazy, []);
    });
  }

  it('are plain', async () => {
    const riddles = (await sourcesIn('operator')).flatMap(({ file, text }) => {
      const comments = commentsIn(text);
      return banned.flatMap(([word, instead]) => {
        const found = word.exec(comments);
        return found === null ? [] : [`${file}: "${found[0]}": ${instead}`];
      });
    });
    assert.deepEqual(riddles, []);
  });
});

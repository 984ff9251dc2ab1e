import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repository } from '../../tools/release/names.ts';
import { notesOf, onReleasePage } from '../../tools/release/notes.ts';

const changelog = `# Changelog

## [Unreleased]

## [1.1.0] - 2026-02-01

### Added

- what is
  new: [how](docs/how.md)

## [1.0.0] - 2026-01-01

the first

[1.0.0]: https://forge.example/1.0.0
`;

describe('the notes of a release', () => {
  it('are the section of its version', () => {
    assert.equal(notesOf(changelog, '1.1.0'), '### Added\n\n- what is\n  new: [how](docs/how.md)\n');
  });

  it('end before the links of the changelog', () => {
    assert.equal(notesOf(changelog, '1.0.0'), 'the first\n');
  });

  const refused: readonly (readonly [string, string, RegExp])[] = [
    ['of a version that has no section', changelog, /no section ## \[1\.1\]/],
    ['of a version without a day', changelog.replace(' - 2026-02-01', ''), /on which day 1\.1\.0 came out/],
    ['of a version of which nothing is told', '## [1.1.0] - 2026-02-01\n\n## [1.0.0] - 2026-01-01\n', /says nothing/],
  ];
  for (const [what, text, why] of refused)
    it(`are refused ${what}`, () => {
      assert.throws(() => notesOf(text, what.includes('no section') ? '1.1' : '1.1.0'), why);
    });

  it('have, for the page of the release, a paragraph on a line and links that lead somewhere', () => {
    const files = 'https://forge.example/acme/kitchen/blob/v1.1.0';
    assert.equal(
      onReleasePage('one\ntwo\n\n- [a](docs/a.md)\n  and\n- [b](https://b.example)\n', files),
      `one two\n\n- [a](${files}/docs/a.md) and\n- [b](https://b.example)\n`,
    );
    assert.throws(() => onReleasePage('```sh\nrun\n```\n', files), /code block/);
  });
});

describe('CHANGELOG.md', () => {
  it('begins with what is not released yet, then goes back from the version of the checkout', async () => {
    const text = await readFile(join(repository, 'CHANGELOG.md'), 'utf8');
    const { version } = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')) as { version: string };
    const [unreleased, newest, ...older] = [...text.matchAll(/^## \[([^\]]+)\]/gm)].map(([, name]) => name ?? '');
    assert.deepEqual([unreleased, newest], ['Unreleased', version]);
    const days = [...text.matchAll(/^## \[[^\]]+\] - (.*)$/gm)].map(([, day]) => day ?? '');
    assert.equal(days.length, older.length + 1);
    assert.deepEqual(days, days.toSorted().toReversed());
  });

  it('can be shown on the page of the release', async () => {
    const text = await readFile(join(repository, 'CHANGELOG.md'), 'utf8');
    const { version } = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')) as { version: string };
    assert.match(onReleasePage(notesOf(text, version), 'https://forge.example'), /^### \w+$/m);
  });
});

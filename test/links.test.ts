import assert from 'node:assert/strict';
import { existsSync, globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const pages = globSync(['*.md', 'docs/**/*.md', 'charts/**/*.md'], { cwd: root }).toSorted();

/** Where the links and pictures of a page lead within the repository, code left out. */
function linksIn(text: string): readonly string[] {
  const prose = text.replaceAll(/```[\s\S]*?```|`[^`]*`/g, '');
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}

/** The anchors that a forge gives to the headings of a page. */
function anchorsIn(text: string): ReadonlySet<string> {
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading.toLowerCase());
  return new Set(headings.map((heading) => heading.replaceAll(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-')));
}

describe('the pages for people', () => {
  it('are found', () => {
    for (const page of ['README.md', 'SECURITY.md', 'docs/operations.md', 'charts/kitchen-operator/README.md'])
      assert.ok(pages.includes(page), page);
  });

  for (const page of pages)
    it(`have links that lead somewhere: ${page}`, async () => {
      for (const link of linksIn(await readFile(join(root, page), 'utf8'))) {
        const [path = '', anchor] = link.split('#');
        const file = path === '' ? page : join(dirname(page), path);
        assert.ok(existsSync(join(root, file)), `${page} leads to ${link}, which is not there`);
        if (anchor === undefined) continue;
        assert.ok(
          anchorsIn(await readFile(join(root, file), 'utf8')).has(anchor),
          `${file} has no heading for ${link}`,
        );
      }
    });

  it('can all be reached from the README, directly or through another page', async () => {
    const reached = new Set<string>(['README.md']);
    for (const page of reached)
      for (const link of linksIn(await readFile(join(root, page), 'utf8'))) {
        const file = join(dirname(page), link.split('#')[0] ?? '').replace(/\/$/, '');
        if (pages.includes(file)) reached.add(file);
        else if (pages.includes(join(file, 'README.md'))) reached.add(join(file, 'README.md'));
      }
    const alone = pages.filter((page) => !reached.has(page) && !page.startsWith('docs/decisions/'));
    assert.deepEqual(alone, []);
  });

  it('begin with a README that fits one screen and names the command for all tests', async () => {
    const text = await readFile(join(root, 'README.md'), 'utf8');
    assert.ok(text.split('\n').length <= 60);
    assert.match(text, /^npm cit /m);
  });
});

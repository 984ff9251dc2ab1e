import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { currentVersion, repository } from '../../tools/release/names.ts';
import { versionOfTag } from '../../tools/release/versions.ts';

const chartFile = 'charts/kitchen-operator/Chart.yaml';
const files = ['package.json', 'package-lock.json', 'CHANGELOG.md', chartFile];

describe('a tag', () => {
  let room: string;
  let version: string;

  beforeEach(async () => {
    version = await currentVersion();
    room = await mkdtemp(join(tmpdir(), 'kitchen-tag-'));
    await mkdir(join(room, 'charts/kitchen-operator'), { recursive: true });
    for (const file of files) await cp(join(repository, file), join(room, file));
  });
  afterEach(() => rm(room, { recursive: true, force: true }));

  async function change(file: string, from: string, to: string): Promise<void> {
    const text = await readFile(join(room, file), 'utf8');
    assert.ok(text.includes(from), `${file} has no ${from}`);
    await writeFile(join(room, file), text.replace(from, to));
  }

  it('of the version that the checkout names everywhere is that version', async () => {
    assert.equal(await versionOfTag(`v${version}`, room), version);
  });

  it('of another version is told every place that has to change', async () => {
    await assert.rejects(versionOfTag('v98.0.0-rc.1', room), ({ message }: Error) => {
      const told = message.split('\n').slice(1);
      assert.equal(told.length, 6, message);
      assert.ok(told.every((line) => line.includes('98.0.0-rc.1')));
      return true;
    });
  });

  const places: readonly (readonly [string, string, string])[] = [
    ['package.json', '"version": "', 'version in package.json'],
    ['package-lock.json', '"version": "', 'version in package-lock.json'],
    [chartFile, '\nversion: ', 'version in charts'],
    [chartFile, '\nappVersion: ', 'appVersion in charts'],
  ];
  for (const [file, before, told] of places)
    it(`is refused where only the ${told} differs`, async () => {
      await change(file, `${before}${version}`, `${before}98.0.0`);
      await assert.rejects(versionOfTag(`v${version}`, room), ({ message }: Error) => {
        const [, ...wrong] = message.split('\n');
        assert.equal(wrong.length, 1, message);
        assert.ok(wrong[0]?.trim().startsWith(told), message);
        return true;
      });
    });

  it('is refused where the changelog has no section for it', async () => {
    await change('CHANGELOG.md', `## [${version}]`, '## [98.0.0]');
    await assert.rejects(versionOfTag(`v${version}`, room), /CHANGELOG\.md has no section/);
  });

  for (const tag of ['0.1.0', 'v1', 'v1.2', 'v1.2.3.4', 'v1.2.3-', 'release-1.2.3'])
    it(`is refused when it looks like ${tag}`, async () => {
      await assert.rejects(versionOfTag(tag, room), /has to look like v1\.2\.3/);
    });
});

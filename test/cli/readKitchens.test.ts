import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readKitchens } from '../../operator/cli/readKitchens.ts';

const kitchen = (name: string, spec: string): string =>
  `apiVersion: kitchen.dev/v1alpha1\nkind: Kitchen\nmetadata: {name: ${name}}\nspec: ${spec}\n`;
const station = '{name: grill, replicas: 2, template: {spec: {containers: [{name: main, image: "main:1"}]}}}';
const good = `{stations: [${station}]}`;

describe('readKitchens', () => {
  let dir: string;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'kitchen-read-'));
  });
  after(() => rm(dir, { recursive: true, force: true }));

  async function read(text: string): Promise<readonly string[]> {
    const file = join(dir, 'kitchen.yaml');
    await writeFile(file, text);
    return (await readKitchens(file)).map(({ metadata }) => metadata.name);
  }

  it('finds every Kitchen of a file among other objects', async () => {
    const other = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}\n';
    assert.deepEqual(await read([other, kitchen('one', good), '', kitchen('two', good)].join('---\n')), ['one', 'two']);
  });

  it('names every problem of every Kitchen, with its place', async () => {
    const typos = kitchen('one', `{surive: {zones: 1}, stations: [{name: Grill, template: {spec: {containers: []}}}]}`);
    const more = kitchen('two', `{stations: [${station}, ${station}]}`);
    await assert.rejects(read([typos, more].join('---\n')), ({ message }: Error) => {
      const lines = message.split('\n');
      assert.match(lines[0] ?? '', /kitchen\.yaml has mistakes:$/);
      assert.ok(lines.includes('Kitchen one:') && lines.includes('Kitchen two:'), message);
      assert.match(message, /\n {2}spec: .*"surive"/);
      assert.match(message, /\n {2}spec\.stations\[0\]\.name: /);
      assert.match(message, /\n {2}spec\.stations: station names must differ/);
      return true;
    });
  });

  it('says which file holds no Kitchen, and what one looks like', async () => {
    await assert.rejects(read('kind: List\n'), /kitchen\.yaml: holds no Kitchen \(kind: Kitchen, apiVersion: kitchen/);
    await assert.rejects(read(''), /holds no Kitchen/);
  });

  it('says which file is no YAML, and where', async () => {
    await assert.rejects(read('kind: Kitchen\n  spec: [\n'), /kitchen\.yaml is neither YAML nor JSON: .*\(2:/s);
  });

  it('says which file is not there', async () => {
    await assert.rejects(readKitchens(join(dir, 'absent.yaml')), /absent\.yaml cannot be read: ENOENT/);
  });
});

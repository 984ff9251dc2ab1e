import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { bundle } from '../../tools/build.ts';
import { writeSbom } from '../../tools/release/sbom.ts';

interface Bom {
  readonly bomFormat: string;
  readonly metadata: { readonly component: { readonly name: string; readonly version: string; readonly type: string } };
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
  readonly components: readonly {
    readonly 'bom-ref': string;
    readonly name: string;
    readonly purl: string;
    readonly hashes?: readonly unknown[];
  }[];
}

describe('the SBOM', function () {
  this.timeout(60_000);
  let room: string;
  let bom: Bom;

  before(async () => {
    room = await mkdtemp(join(tmpdir(), 'kitchen-sbom-'));
    bom = JSON.parse(await readFile(await writeSbom(room), 'utf8')) as Bom;
  });
  after(() => rm(room, { recursive: true, force: true }));

  it('is of this program, in this version', () => {
    const { name, version, type } = bom.metadata.component;
    assert.equal(bom.bomFormat, 'CycloneDX');
    assert.deepEqual({ name, version, type }, { name: manifest.name, version: manifest.version, type: 'application' });
  });

  it('has all packages that the programs are bundled from, each with its hash', async () => {
    const names = new Set(bom.components.map(({ name }) => name));
    const { packages: bundled } = await bundle(join(room, 'bundle'), ['main', 'kubectl-kitchen']);
    assert.ok(bundled.length > Object.keys(manifest.dependencies).length, bundled.join(' '));
    for (const folder of bundled) {
      const name = folder.replace(/^.*node_modules\//, '');
      assert.ok(names.has(name), `${name} is missing`);
    }
    for (const { purl, hashes } of bom.components) assert.equal(hashes?.length, 1, purl);
  });

  it('says which package needs which, and names none that it does not have', () => {
    const refs = new Set(bom.components.map((component) => component['bom-ref']));
    const [root, ...others] = bom.dependencies;
    for (const name of Object.keys(manifest.dependencies))
      assert.ok(
        root?.dependsOn.some((ref) => ref.startsWith(`${name}@`)),
        name,
      );
    assert.deepEqual(new Set(others.map(({ ref }) => ref)), refs);
    for (const { ref, dependsOn } of bom.dependencies)
      for (const each of dependsOn) assert.ok(refs.has(each), `${ref} needs ${each}`);
  });

  it('has none that only develops them', () => {
    const names = new Set(bom.components.map(({ name }) => name));
    for (const name of ['mocha', 'typescript', 'esbuild', 'oxlint']) assert.ok(!names.has(name), name);
  });
});

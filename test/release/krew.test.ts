import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { load } from 'js-yaml';
import { writeKrewManifest } from '../../tools/release/krew.ts';
import { platforms, pluginArchive } from '../../tools/release/names.ts';

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly version: string;
    readonly homepage: string;
    readonly shortDescription: string;
    readonly description: string;
    readonly platforms: readonly {
      readonly selector: { readonly matchLabels: { readonly os: string; readonly arch: string } };
      readonly uri: string;
      readonly sha256: string;
      readonly bin: string;
    }[];
  };
}

const homepage = 'https://forge.example/acme/kitchen';

describe('the manifest for krew', () => {
  let folder: string;
  const write = (): Promise<string> => writeKrewManifest({ version: '1.2.3', folder, homepage });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kitchen-krew-'));
    for (const platform of platforms) await writeFile(join(folder, pluginArchive('1.2.3', platform)), platform);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is of a plugin called as its file', async () => {
    const path = await write();
    const { apiVersion, kind, metadata, spec } = load(await readFile(path, 'utf8')) as Manifest;
    assert.equal(apiVersion, 'krew.googlecontainertools.github.com/v1alpha2');
    assert.equal(kind, 'Plugin');
    assert.equal(basename(path), `${metadata.name}.yaml`);
    assert.equal(spec.version, 'v1.2.3');
    assert.equal(spec.homepage, homepage);
    // krew's index asks for no more.
    assert.ok(spec.shortDescription.length <= 50, spec.shortDescription);
    assert.ok(spec.description.length > spec.shortDescription.length);
  });

  it("says for each platform where its archive is, and the archive's checksum", async () => {
    const { spec } = load(await readFile(await write(), 'utf8')) as Manifest;
    assert.deepEqual(
      spec.platforms,
      platforms.map((platform) => {
        const [os, arch] = platform.split('-');
        return {
          selector: { matchLabels: { os, arch } },
          uri: `${homepage}/releases/download/v1.2.3/kubectl-kitchen-v1.2.3-${platform}.tar.gz`,
          sha256: createHash('sha256').update(platform).digest('hex'),
          bin: 'kubectl-kitchen',
        };
      }),
    );
  });

  for (const platform of platforms)
    it(`is refused without the archive for ${platform}`, async () => {
      await rm(join(folder, pluginArchive('1.2.3', platform)));
      await assert.rejects(write(), new RegExp(`ENOENT.*${platform}`));
    });
});

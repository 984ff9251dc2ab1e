import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { load } from 'js-yaml';
import { helmPath, repository, runHelm } from '../../tools/generate/helm.ts';
import { packageChart, writeInstallManifest } from '../../tools/release/chart.ts';
import { currentVersion } from '../../tools/release/names.ts';

const registry = 'registry.example/acme';

describe('what is released for a cluster', function () {
  this.timeout(180_000);
  let into: string;
  let version: string;

  before(async function () {
    this.timeout(1_200_000);
    await helmPath();
    into = await mkdtemp(join(tmpdir(), 'kitchen-packed-'));
    version = await currentVersion();
  });
  after(() => rm(into, { recursive: true, force: true }));

  it('is a chart of the version that is asked for, named after it', async () => {
    const packed = await packageChart({ version: '7.8.9-rc.1', registry, into });
    assert.equal(basename(packed), 'kitchen-operator-7.8.9-rc.1.tgz');
    const shown = load(await runHelm(['show', 'chart', packed])) as Record<string, unknown>;
    assert.deepEqual(
      [shown['name'], shown['version'], shown['appVersion']],
      ['kitchen-operator', '7.8.9-rc.1', '7.8.9-rc.1'],
    );
    const rendered = await runHelm(['template', 'kitchen-operator', packed]);
    assert.deepEqual(rendered.match(/^ +image: .*$/gm), [`          image: "${registry}/kitchen-operator:7.8.9-rc.1"`]);
  });

  it('names in the chart no image and no owner that does not exist', async () => {
    const packed = await packageChart({ version, registry, into });
    const said = await Promise.all(['readme', 'values'].map((what) => runHelm(['show', what, packed])));
    for (const text of said) {
      assert.ok(text.includes(`${registry}/kitchen-operator`));
      assert.doesNotMatch(text, /OWNER|kitchen\.dev\/operator/);
    }
    assert.ok(said[0]?.includes(`oci://${registry}/charts/kitchen-operator`));
  });

  it('is an install.yaml which differs from that of the checkout in its image alone', async () => {
    const [ours, released] = await Promise.all([
      readFile(join(repository, 'manifests/install.yaml'), 'utf8'),
      readFile(await writeInstallManifest({ version, registry, into }), 'utf8'),
    ]);
    const image = `kitchen.dev/operator:${version}`;
    assert.equal(ours.split(image).length, 2);
    assert.equal(released, ours.replace(image, `${registry}/kitchen-operator:${version}`));
  });
});

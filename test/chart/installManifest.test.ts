import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { helmPath, repository } from '../../tools/generate/helm.ts';
import { installManifest } from '../../tools/generate/installManifest.ts';

describe('manifests/install.yaml', function () {
  this.timeout(180_000);

  before(async function () {
    this.timeout(1_200_000);
    await helmPath();
  });

  it('is what the chart renders: run `npm run generate` after a change', async () => {
    const text = await readFile(join(repository, 'manifests/install.yaml'), 'utf8');
    assert.ok(text === (await installManifest()), 'manifests/install.yaml differs from the chart');
  });

  it('names nothing that only Helm reads', async () => {
    assert.doesNotMatch(await readFile(join(repository, 'manifests/install.yaml'), 'utf8'), /helm/i);
  });
});

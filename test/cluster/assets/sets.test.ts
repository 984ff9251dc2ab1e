import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { actionlint, controlPlane, helm, releaseHosts, versions } from '../../../tools/cluster/assets/sets.ts';

describe('the sets of binaries', () => {
  it('are built from the versions that are downloaded', async () => {
    const pins = await goMod(controlPlane.source.moduleDir);
    assert.equal(pins['k8s.io/kubernetes'], versions.kubernetes);
    assert.equal(pins['go.etcd.io/etcd/server/v3'], versions.etcd);
    assert.equal(pins['sigs.k8s.io/kwok'], versions.kwok);
    assert.equal((await goMod(helm.source.moduleDir))['helm.sh/helm/v4'], versions.helm);
    assert.equal((await goMod(actionlint.source.moduleDir))['github.com/rhysd/actionlint'], versions.actionlint);
  });

  it('have a release for every binary', () => {
    for (const set of [controlPlane, helm, actionlint]) {
      const releases = set.releases(releaseHosts, { os: 'linux', arch: 'arm64' });
      assert.deepEqual(releases.map(({ binary }) => binary).toSorted(), set.binaries.toSorted());
      for (const { url } of releases) assert.match(url, /^https:.*arm64/);
    }
  });

  it('change their folder with each version', () => {
    for (const version of [versions.kubernetes, versions.etcd, versions.kwok])
      assert.ok(controlPlane.folder.includes(version));
    assert.ok(helm.folder.includes(versions.helm));
    assert.ok(actionlint.folder.includes(versions.actionlint));
  });
});

async function goMod(dir: string): Promise<Record<string, string>> {
  const text = await readFile(join(dir, 'go.mod'), 'utf8');
  return Object.fromEntries(
    [...text.matchAll(/^(?:require )?\s*(\S+) (v\S+)/gm)].map(([, module, version]) => [module, version]),
  );
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { platforms, pluginArchive } from './names.ts';
import { sumOf } from './sums.ts';

/** Where the archives lie, and the address of the repository whose release has them. */
export interface Krew {
  readonly version: string;
  readonly folder: string;
  readonly homepage: string;
}

/** Writes the manifest by which krew installs the plugin. The plugin's archives must exist. Resolves to its path. */
export async function writeKrewManifest({ version, folder, homepage }: Krew): Promise<string> {
  const entries: object[] = [];
  for (const platform of platforms) {
    const [os, arch] = platform.split('-');
    const archive = pluginArchive(version, platform);
    entries.push({
      selector: { matchLabels: { os, arch } },
      uri: `${homepage}/releases/download/v${version}/${archive}`,
      sha256: await sumOf(join(folder, archive)),
      bin: 'kubectl-kitchen',
    });
  }
  const manifest = {
    apiVersion: 'krew.googlecontainertools.github.com/v1alpha2',
    kind: 'Plugin',
    // `kubectl kitchen`; krew wants the file to be called so, too.
    metadata: { name: 'kitchen' },
    spec: {
      version: `v${version}`,
      homepage,
      shortDescription: 'Ask Kitchens why, and plan what they survive',
      description:
        'Tells why a station of a Kitchen has the pods it has and what it waits for, plans pods, placement and price of a ' +
        'Kitchen on the live cluster before it is applied, and restarts a station zone by zone.\n',
      platforms: entries,
    },
  };
  const path = join(folder, 'kitchen.yaml');
  await writeFile(path, dump(manifest, { lineWidth: -1 }));
  return path;
}

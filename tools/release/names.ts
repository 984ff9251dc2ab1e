import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export const repository = join(import.meta.dirname, '../..');

/** The image's name in the chart of the checkout, before anything is published. */
export const localImage = 'kitchen.dev/operator';

/** The image's name in a registry such as `ghcr.io/acme`. */
export function imageIn(registry: string): string {
  return `${registry}/kitchen-operator`;
}

/** The version in package.json. `versionOfTag` checks that all other places name the same one. */
export async function currentVersion(): Promise<string> {
  const text = await readFile(join(repository, 'package.json'), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}

export const platforms = ['linux-amd64', 'linux-arm64', 'darwin-amd64', 'darwin-arm64'] as const;
export type PlatformName = (typeof platforms)[number];

/** The file in which the plugin is released for a platform. */
export function pluginArchive(version: string, platform: PlatformName): string {
  return `kubectl-kitchen-v${version}-${platform}.tar.gz`;
}

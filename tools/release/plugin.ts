import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundle } from '../build.ts';
import { thisPlatform } from '../cluster/assets/download.ts';
import { pluginArchive, repository } from './names.ts';

/** In the order in which the archive has them. */
const contents = [
  'kubectl-kitchen',
  'kubectl-kitchen.js',
  'package.json',
  'node',
  'LICENSE',
  'LICENSE.node',
  'LICENSE.packages',
];

/**
 * Packs the kubectl plugin for the platform of this machine. The archive includes the Node that npm installed here, so
 * that the plugin runs on machines without Node. Resolves to the path of the archive.
 */
export async function packPlugin(version: string, into: string): Promise<string> {
  const platform = thisPlatform();
  if (platform === undefined) throw new Error(`no plugin is released for ${process.platform} on ${process.arch}`);
  const archive = join(into, pluginArchive(version, `${platform.os}-${platform.arch}`));
  await mkdir(into, { recursive: true });
  const room = await mkdtemp(join(tmpdir(), 'kitchen-plugin-'));
  try {
    await bundle(room, ['kubectl-kitchen']);
    const node = join(repository, 'node_modules/node');
    const copies = {
      'kubectl-kitchen': join(import.meta.dirname, 'kubectl-kitchen'),
      node: join(node, 'bin/node'),
      LICENSE: join(repository, 'LICENSE'),
      'LICENSE.node': licenceOf(node),
    };
    for (const [name, from] of Object.entries(copies)) await cp(from, join(room, name), { dereference: true });
    // Without this variable, macOS adds an extra file for each file with attributes.
    const env = { ...process.env, COPYFILE_DISABLE: '1' };
    await promisify(execFile)('tar', ['-czf', archive, '-C', room, ...contents], { env });
  } finally {
    await rm(room, { recursive: true, force: true });
  }
  return archive;
}

/** The path of Node's licence. It is in the package for the platform, which lies inside the package `node`. */
function licenceOf(node: string): string {
  const [found] = globSync(join(node, 'node_modules/*/LICENSE'));
  if (found === undefined) throw new Error(`${node} has no licence of Node: run npm ci`);
  return found;
}

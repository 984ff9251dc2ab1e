import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repository } from './names.ts';

/** The fields that we use of npm's CycloneDX document. */
interface Bom {
  readonly metadata: { readonly component: { readonly 'bom-ref': string } };
  readonly components: readonly { readonly 'bom-ref': string }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

interface Lock {
  readonly name: string;
  readonly packages: Readonly<Record<string, { readonly version: string; readonly dev?: boolean }>>;
}

/** Writes a CycloneDX list of the packages that are bundled into the two programs. Resolves to its path. */
export async function writeSbom(into: string): Promise<string> {
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];
  const { stdout } = await promisify(execFile)('npm', args, { cwd: repository, maxBuffer: 16 * 1024 * 1024 });
  const lock = JSON.parse(await readFile(join(repository, 'package-lock.json'), 'utf8')) as Lock;
  await mkdir(into, { recursive: true });
  const path = join(into, 'sbom.cdx.json');
  await writeFile(path, `${JSON.stringify(inProduction(JSON.parse(stdout) as Bom, lock), undefined, 2)}\n`);
  return path;
}

/**
 * The document without packages that only development needs. npm's `--omit dev` would leave out too much: js-yaml, for
 * example, because a development package needs it too. npm also names the program after the folder of the checkout, and
 * calls it a library. Both are corrected here.
 */
function inProduction(bom: Bom, lock: Lock): Bom {
  const needed = Object.entries(lock.packages).filter(([path, { dev }]) => path !== '' && dev !== true);
  const refs = new Set(needed.map(([path, { version }]) => `${path.replace(/^.*node_modules\//, '')}@${version}`));
  const { component } = bom.metadata;
  const program = { ...component, name: lock.name, type: 'application' };
  const dependencies = bom.dependencies
    .filter(({ ref }) => ref === component['bom-ref'] || refs.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => refs.has(each)) }));
  return {
    ...bom,
    metadata: { ...bom.metadata, component: program },
    components: bom.components.filter(({ 'bom-ref': ref }) => refs.has(ref)),
    dependencies,
  };
}

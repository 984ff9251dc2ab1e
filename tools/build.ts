import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { licencesOf, packagesOf } from './licences.ts';

const root = join(import.meta.dirname, '..');
const entries = { main: 'operator/main.ts', 'kubectl-kitchen': 'operator/cli/main.ts' } as const;

/** One of the two programs. */
export type Program = keyof typeof entries;

// Some dependencies are CommonJS and ask for Node's own modules by require, which an ES module has to make first.
const requireOfNode = `import { createRequire as createRequireOfNode } from 'node:module';
const require = createRequireOfNode(import.meta.url);`;

/**
 * Bundles the programs with all they need but Node 24 into `into`, each with its source map; nothing else is needed to run them.
 * Beside them lie the licences of the packages that are in them; resolves to the folders of these packages.
 */
export async function bundle(into: string, programs: readonly Program[]): Promise<readonly string[]> {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { readonly version: string };
  await mkdir(into, { recursive: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: programs.map((program) => ({ in: entries[program], out: program })),
    outdir: into,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // Of packages that come in both kinds the ES modules: less of them is left in the bundle.
    mainFields: ['module', 'main'],
    banner: { js: requireOfNode },
    // debug takes it where it is installed, and here some tool for development installs it.
    external: ['supports-color'],
    define: { 'process.env.NODE_ENV': '"production"' },
    sourcemap: 'linked',
    // A stack trace needs positions only.
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
  });
  const packages = packagesOf(Object.keys(metafile.inputs).map((file) => join(root, file)));
  await writeFile(join(into, 'LICENSE.packages'), await licencesOf(packages));
  await writeFile(join(into, 'package.json'), `${JSON.stringify({ type: 'module', version })}\n`);
  if (programs.includes('kubectl-kitchen')) await chmod(join(into, 'kubectl-kitchen.js'), 0o755);
  return packages;
}

if (import.meta.main) {
  const dist = join(root, 'dist');
  await rm(dist, { recursive: true, force: true });
  await bundle(dist, Object.keys(entries) as Program[]);
}

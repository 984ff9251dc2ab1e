import { chmod, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { checkClient, partsInWords, partsOf, shakeClient } from './bundled.ts';
import type { Parts } from './bundled.ts';
import { licencesOf, packagesOf } from './licences.ts';

const root = join(import.meta.dirname, '..');
const descriptors = 'operator/envoy/descriptors.binpb';
const entries = { main: 'operator/main.ts', 'kubectl-kitchen': 'operator/cli/main.ts' } as const;

/** One of the two programs. */
export type Program = keyof typeof entries;

// Some dependencies are CommonJS and load Node's own modules by `require`, which an ES module has to create first.
const requireOfNode = `import { createRequire as createRequireOfNode } from 'node:module';
const require = createRequireOfNode(import.meta.url);`;

/** What was bundled. */
export interface Bundled {
  /** Folders of the packages. */
  readonly packages: readonly string[];
  /** Of what each program is made, by its name. */
  readonly parts: ReadonlyMap<string, Parts>;
}

/**
 * Bundles each program with everything that it needs except Node 24 into the folder `into`, with a source map. Beside
 * them it writes the licences of the bundled packages. Throws when the client's generated model is in a program.
 */
export async function bundle(into: string, programs: readonly Program[]): Promise<Bundled> {
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
    // Some packages have both module kinds. From ES modules the bundler can leave more code out.
    mainFields: ['module', 'main'],
    banner: { js: requireOfNode },
    // The package `debug` uses it if it is installed. Here only a development tool installs it, so it stays out.
    external: ['supports-color'],
    define: { 'process.env.NODE_ENV': '"production"' },
    sourcemap: 'linked',
    // A stack trace needs positions only.
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
    plugins: [shakeClient],
  });
  const parts = new Map<string, Parts>();
  const files = new Set<string>();
  for (const [path, { entryPoint, inputs }] of Object.entries(metafile.outputs)) {
    if (entryPoint === undefined) continue;
    const program = basename(path);
    parts.set(program, partsOf({ inputs }));
    checkClient(program, partsOf({ inputs }));
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) if (bytesInOutput > 0) files.add(join(root, file));
  }
  // What the operator knows of Envoy's API; it reads the file when there are hubs.
  if (programs.includes('main')) await cp(join(root, descriptors), join(into, basename(descriptors)));
  const packages = packagesOf([...files]);
  await writeFile(join(into, 'LICENSE.packages'), await licencesOf(packages));
  await writeFile(join(into, 'package.json'), `${JSON.stringify({ type: 'module', version })}\n`);
  if (programs.includes('kubectl-kitchen')) await chmod(join(into, 'kubectl-kitchen.js'), 0o755);
  return { packages, parts };
}

if (import.meta.main) {
  const dist = join(root, 'dist');
  await rm(dist, { recursive: true, force: true });
  const { parts } = await bundle(dist, Object.keys(entries) as Program[]);
  for (const [program, some] of parts) console.log(partsInWords(program, some));
}

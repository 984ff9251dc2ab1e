import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { helmPath } from '../generate/helm.ts';
import { packageChart, writeInstallManifest } from './chart.ts';
import { writeKrewManifest } from './krew.ts';
import { currentVersion, repository } from './names.ts';
import { notesOf, onReleasePage } from './notes.ts';
import { packPlugin } from './plugin.ts';
import { writeSbom } from './sbom.ts';
import { writeSums } from './sums.ts';
import { versionOfTag } from './versions.ts';

interface Into {
  readonly into: string;
}

interface Homepage {
  readonly homepage: string;
}

/*
 * The steps of a release that need neither a registry nor GitHub. `.github/workflows/release.yaml` calls them. Each
 * prints what it has found or written.
 */
const program = new Command('release').description('The steps of a release, one by one; see CONTRIBUTING.md.');
const version = await currentVersion();
const registry = ['--registry <registry>', 'where image and chart are pushed, such as ghcr.io/acme'] as const;
const homepage = ['--homepage <url>', 'address of the repository'] as const;

program
  .command('check')
  .description('the version that a tag names, if all places name it and the changelog tells of it')
  .argument('<tag>', 'such as v0.1.0')
  .action(async (tag: string) => console.log(await versionOfTag(tag, repository)));

program
  .command('notes')
  .description('what the changelog says of this version, for the page of the release')
  .requiredOption(...homepage)
  .action(async ({ homepage: url }: Homepage) => {
    const notes = notesOf(await readFile(join(repository, 'CHANGELOG.md'), 'utf8'), version);
    process.stdout.write(onReleasePage(notes, `${url}/blob/v${version}`));
  });

program
  .command('helm')
  .description('path of the helm that the project uses')
  .action(async () => console.log(await helmPath()));

writing('chart', 'the chart as an archive, with the released image as its default')
  .requiredOption(...registry)
  .action(async (options: Into & { readonly registry: string }) =>
    console.log(await packageChart({ version, ...options })),
  );

writing('manifest', 'install.yaml, which runs the released image')
  .requiredOption(...registry)
  .action(async (options: Into & { readonly registry: string }) =>
    console.log(await writeInstallManifest({ version, ...options })),
  );

writing('plugin', 'kubectl-kitchen as an archive for the platform of this machine').action(async ({ into }: Into) =>
  console.log(await packPlugin(version, into)),
);

writing('sbom', 'which packages are bundled, as CycloneDX').action(async ({ into }: Into) =>
  console.log(await writeSbom(into)),
);

writing('krew', 'the manifest of the plugin for krew; its archives for all platforms have to be there')
  .requiredOption(...homepage)
  .action(async ({ into, homepage: url }: Into & Homepage) =>
    console.log(await writeKrewManifest({ version, folder: into, homepage: url })),
  );

writing('sums', 'SHA256SUMS of all that is in the folder').action(async ({ into }: Into) =>
  console.log(await writeSums(into)),
);

try {
  await program.parseAsync();
} catch (error) {
  console.error(`release: ${(error as Error).message}`);
  process.exitCode = 1;
}

function writing(name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option('--into <folder>', 'folder to write to', join(repository, 'dist/release'));
}

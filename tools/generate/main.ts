import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chart, repository } from './helm.ts';
import { writeHubFiles } from './hubFiles.ts';
import { installManifest } from './installManifest.ts';
import { page, pageWithRules } from './rules.ts';
import { readmeWithTable } from './valuesTable.ts';

await writeHubFiles();
await writeFile(join(chart, 'README.md'), await readmeWithTable());
await writeFile(join(repository, 'manifests/install.yaml'), await installManifest());
await writeFile(join(repository, page), await pageWithRules());

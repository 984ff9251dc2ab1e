import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { notesOf } from './notes.ts';

interface Package {
  readonly version: string;
  readonly packages?: Readonly<Record<string, { readonly version?: string }>>;
}

interface Chart {
  readonly version: string;
  readonly appVersion: string;
}

/**
 * The version that a tag names: `v0.1.0` is 0.1.0. Throws an error that names everything that keeps the tag from being
 * a release: places that have another version, or a changelog without a section for it.
 */
export async function versionOfTag(tag: string, repository: string): Promise<string> {
  const version = /^v(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)$/.exec(tag)?.[1];
  if (version === undefined)
    throw new Error(`${tag} is not the tag of a release: it has to look like v1.2.3 or v1.2.3-rc.1`);
  const wrong = Object.entries(await versionsIn(repository))
    .filter(([, found]) => found !== version)
    .map(([place, found]) => `${place} is ${found ?? 'missing'}, not ${version}`);
  try {
    notesOf(await readFile(join(repository, 'CHANGELOG.md'), 'utf8'), version);
  } catch (error) {
    wrong.push((error as Error).message);
  }
  if (wrong.length > 0) throw new Error(`${tag} cannot be released:\n${wrong.map((each) => `  ${each}`).join('\n')}`);
  return version;
}

/** Every place of the repository that names the version. */
async function versionsIn(repository: string): Promise<Readonly<Record<string, string | undefined>>> {
  const read = (file: string): Promise<string> => readFile(join(repository, file), 'utf8');
  const manifest = JSON.parse(await read('package.json')) as Package;
  const lock = JSON.parse(await read('package-lock.json')) as Package;
  const chart = load(await read('charts/kitchen-operator/Chart.yaml')) as Chart;
  return {
    'version in package.json': manifest.version,
    'version in package-lock.json': lock.version,
    'version of packages[""] in package-lock.json': lock.packages?.['']?.version,
    'version in charts/kitchen-operator/Chart.yaml': chart.version,
    'appVersion in charts/kitchen-operator/Chart.yaml': chart.appVersion,
  };
}

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

/** The folder of the package that a file belongs to; undefined for a file of ours. */
export function packageOf(file: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
}

/** The folders of the packages that a bundle was made from, given the paths of all its files. */
export function packagesOf(files: readonly string[]): readonly string[] {
  return [...new Set(files.flatMap((file) => packageOf(file) ?? []))].toSorted();
}

/** Names, licences and notices of packages: their licences ask that these go with every copy of a bundle. */
export async function licencesOf(packages: readonly string[]): Promise<string> {
  const texts = await Promise.all(packages.map(licenceOf));
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}

async function licenceOf(folder: string): Promise<string> {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice|copying)\b/i.test(file)).toSorted();
  if (license === undefined && files.length === 0) throw new Error(`${name} ${version} comes without a licence`);
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  const head = `${name} ${version}: ${license ?? 'see below'}`;
  return `${[head, ...texts.map((text) => text.trim())].join('\n\n')}\n`;
}

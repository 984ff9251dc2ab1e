import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chart, runHelm } from '../generate/helm.ts';
import { installManifest } from '../generate/installManifest.ts';
import { imageIn, localImage } from './names.ts';

/** The released version, and the registry that it is pulled from, such as `ghcr.io/acme`. */
export interface Released {
  readonly version: string;
  readonly registry: string;
  readonly into: string;
}

/** Packages the chart with the released image as its default. Resolves to the path of the archive. */
export async function packageChart({ version, registry, into }: Released): Promise<string> {
  await mkdir(into, { recursive: true });
  const room = await mkdtemp(join(tmpdir(), 'kitchen-chart-'));
  try {
    const copy = join(room, 'kitchen-operator');
    await cp(chart, copy, { recursive: true });
    for (const file of ['values.yaml', 'README.md']) {
      const text = await readFile(join(copy, file), 'utf8');
      if (!text.includes(localImage)) throw new Error(`the chart's ${file} does not name ${localImage}`);
      const released = text.replaceAll(localImage, imageIn(registry)).replaceAll('ghcr.io/OWNER', registry);
      await writeFile(join(copy, file), released);
    }
    await runHelm(['package', copy, '--destination', into, '--version', version, '--app-version', version]);
  } finally {
    await rm(room, { recursive: true, force: true });
  }
  return join(into, `kitchen-operator-${version}.tgz`);
}

/** Writes install.yaml, which runs the released image; resolves to its path. */
export async function writeInstallManifest({ registry, into }: Released): Promise<string> {
  await mkdir(into, { recursive: true });
  const path = join(into, 'install.yaml');
  await writeFile(path, await installManifest(`image.repository=${imageIn(registry)}`));
  return path;
}

import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bundle } from '../build.ts';
import { versions } from '../cluster/assets/sets.ts';
import { envoyBinary } from '../envoy/binary.ts';
import { makeDebianBase } from './debianBase.ts';
import { lastStage } from './lastStage.ts';
import { run, RunError } from './run.ts';

const repository = join(import.meta.dirname, '../..');
const base = 'kitchen.dev/base:debian';

/**
 * An image of this repository: its Dockerfile, and how to make the result of its first stage on this machine instead.
 */
interface ImageSource {
  readonly tag: string;
  readonly dockerfile: string;
  /** Folder that Docker is sent. */
  readonly context: string;
  readonly needsBase: boolean;
  /** Lays down, in the folder, what the last stage copies from the first. */
  readonly lay: (into: string) => Promise<void>;
}

const { version } = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')) as {
  readonly version: string;
};
const stationDir = join(repository, 'tools/station');

/** The images that can be built, by name. */
export const images = {
  operator: {
    tag: `kitchen.dev/operator:${version}`,
    dockerfile: join(repository, 'Dockerfile'),
    context: repository,
    needsBase: true,
    lay: async (into) => {
      if (process.platform !== 'linux')
        throw new RunError(
          `this machine’s Node is for ${process.platform}; build with Docker, where it can pull`,
          undefined,
        );
      await cp(join(repository, 'node_modules/node/bin/node'), await place(into, 'usr/local/bin/node'), {
        dereference: true,
      });
      await bundle(join(into, 'src/dist'), ['main', 'kubectl-kitchen']);
      await cp(join(repository, 'LICENSE'), join(into, 'LICENSE'));
    },
  },
  hub: {
    tag: `kitchen.dev/hub:${versions.envoy}`,
    dockerfile: join(repository, 'tools/envoy/Dockerfile'),
    context: join(repository, 'tools/envoy'),
    needsBase: true,
    lay: async (into) => {
      await cp(await envoyBinary((line) => console.error(line)), await place(into, 'usr/local/bin/envoy'));
    },
  },
  station: {
    tag: 'kitchen.dev/station:1',
    dockerfile: join(stationDir, 'Dockerfile'),
    context: stationDir,
    needsBase: false,
    lay: async (into) => {
      const args = [
        'go',
        'build',
        '-trimpath',
        '-buildvcs=false',
        '-ldflags',
        '-s -w',
        '-o',
        join(into, 'station'),
        '.',
      ];
      await run(args, { cwd: stationDir, env: { CGO_ENABLED: '0', GOOS: 'linux', GOWORK: 'off' } });
    },
  },
} as const satisfies Readonly<Record<string, ImageSource>>;

export type ImageName = keyof typeof images;
/** Where an image's first stage is built: by Docker, as its Dockerfile says, or on this machine, where no base can be pulled. */
export type Way = 'docker' | 'here' | 'either';

/** Builds an image; resolves to its tag. `either` asks Docker first. */
export async function buildImage(name: ImageName, way: Way = 'either'): Promise<string> {
  const image: ImageSource = images[name];
  if (way !== 'here' && (way === 'docker' || (await canPull(image)))) {
    await run(['docker', 'build', '--tag', image.tag, '--file', image.dockerfile, image.context]);
    return image.tag;
  }
  const room = await mkdtemp(join(tmpdir(), 'kitchen-image-'));
  try {
    await buildHere(image, room);
  } finally {
    await rm(room, { recursive: true, force: true });
  }
  return image.tag;
}

async function buildHere(image: ImageSource, room: string): Promise<void> {
  if (image.needsBase && !(await isHere(base))) await makeDebianBase(base, room);
  const context = join(room, 'context');
  await mkdir(context);
  await image.lay(context);
  await writeFile(join(context, 'Dockerfile'), lastStage(await readFile(image.dockerfile, 'utf8')));
  const baseArgs = image.needsBase ? ['--build-arg', `BASE=${base}`] : [];
  // Some machines have only Docker's old builder, which is enough for this stage.
  await run(['docker', 'build', '--quiet', '--tag', image.tag, ...baseArgs, context], {
    env: { DOCKER_BUILDKIT: '0' },
  });
}

/** Whether all images that a Dockerfile begins from are here or can be pulled within a minute. */
async function canPull({ dockerfile }: ImageSource): Promise<boolean> {
  const text = await readFile(dockerfile, 'utf8');
  const needed = [...text.matchAll(/^ARG (?:BUILD|BASE)=(\S+)$/gm)].flatMap(([, tag]) => tag ?? []);
  for (const tag of needed) {
    if (await isHere(tag)) continue;
    try {
      await run(['docker', 'pull', '--quiet', tag], { timeoutMs: 60_000 });
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      console.error(`${tag} cannot be pulled; what it is for is built on this machine`);
      return false;
    }
  }
  return true;
}

async function isHere(tag: string): Promise<boolean> {
  const found = await run(['docker', 'image', 'ls', '--quiet', tag], { quiet: true, capture: true });
  return found.trim() !== '';
}

async function place(root: string, path: string): Promise<string> {
  const whole = join(root, path);
  await mkdir(dirname(whole), { recursive: true });
  return whole;
}

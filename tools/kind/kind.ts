import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chart, helmPath, release } from '../generate/helm.ts';
import { buildImage, images } from '../image/images.ts';
import type { ImageName } from '../image/images.ts';
import { hasEnvoy } from '../envoy/binary.ts';
import { isThere, run } from '../image/run.ts';

/** The cluster's name unless another is given. */
export const defaultName = 'kitchen';
/** The configuration that `up` uses unless another is given. */
export const defaultConfig = 'manifests/kind.yaml';

/** The images that a cluster needs. There is a hub's where there is an Envoy for this machine. */
export const needed: readonly ImageName[] = (Object.keys(images) as ImageName[]).filter(
  (image) => image !== 'hub' || hasEnvoy,
);

/** How kind makes a cluster; `image` names the node image, kind's own if left out. */
export interface UpOptions {
  readonly name: string;
  readonly config: string;
  readonly image?: string;
}

/** The context that kind writes for a cluster. */
export function contextOf(name: string): string {
  return `kind-${name}`;
}

/** The names of the clusters that kind made on this machine. */
export async function clusters(): Promise<readonly string[]> {
  const names = await run(['kind', 'get', 'clusters'], { quiet: true, capture: true });
  return names.split('\n').filter((name) => name !== '');
}

/** Makes the cluster with kind, unless it exists, and waits until its nodes are Ready. */
export async function up({ name, config, image }: UpOptions): Promise<void> {
  if ((await clusters()).includes(name)) return console.error(`cluster ${name} is there`);
  const imageArgs = image === undefined ? [] : ['--image', image];
  await run(['kind', 'create', 'cluster', '--name', name, '--config', config, ...imageArgs, '--wait', '180s']);
}

/** Builds these images and copies them to every node as archives, since no registry has them. */
export async function load(name: string, chosen: readonly ImageName[]): Promise<void> {
  const room = await mkdtemp(join(tmpdir(), 'kitchen-load-'));
  try {
    for (const image of chosen) {
      const tag = await buildImage(image);
      const archive = join(room, `${image}.tar`);
      await run(['docker', 'save', '--output', archive, tag]);
      await run(['kind', 'load', 'image-archive', archive, '--name', name]);
    }
  } finally {
    await rm(room, { recursive: true, force: true });
  }
}

/** Installs the operator with helm, two replicas from the loaded image, and waits until both are Ready. */
export async function install(name: string, sets: readonly string[] = []): Promise<void> {
  const helm = (await isThere('helm')) ? 'helm' : await helmPath();
  const [repository = '', tag = ''] = images.operator.tag.split(':');
  const id = await run(['docker', 'image', 'inspect', '--format', '{{.Id}}', images.operator.tag], { capture: true });
  // The tag is the same for every build. The annotation changes with the image, so that new pods are made.
  const built = `podAnnotations.kitchen\\.dev/image=${id.trim()}`;
  const values = [
    built,
    `image.repository=${repository}`,
    `image.tag=${tag}`,
    'image.pullPolicy=IfNotPresent',
    'replicas=2',
    ...hubValues,
  ];
  const upgrade = [helm, 'upgrade', '--install', release.name, chart, '--kube-context', contextOf(name)];
  const patience = ['--namespace', release.namespace, '--create-namespace', '--wait', '--timeout', '120s'];
  await run([...upgrade, ...patience, ...[...values, ...sets].flatMap((value) => ['--set', value])]);
}

/** Uninstalls the operator with helm, and waits until what it made is gone. */
export async function uninstall(name: string): Promise<void> {
  const helm = (await isThere('helm')) ? 'helm' : await helmPath();
  const from = ['--kube-context', contextOf(name), '--namespace', release.namespace];
  await run([helm, 'uninstall', release.name, ...from, '--wait', '--timeout', '180s']);
}

/** Hubs are on wherever there is an Envoy for this machine: their image is loaded like the operator's. */
const hubValues = hasEnvoy
  ? [
      'hub.enabled=true',
      `hub.image.repository=${images.hub.tag.split(':')[0]}`,
      `hub.image.tag=${images.hub.tag.split(':')[1]}`,
    ]
  : [];

/** Deletes the cluster and its nodes. */
export async function down(name: string): Promise<void> {
  await run(['kind', 'delete', 'cluster', '--name', name]);
}

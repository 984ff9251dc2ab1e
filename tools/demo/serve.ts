import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { load } from 'js-yaml';
import type { DeclaredStation, Kitchen } from '../../operator/api/kitchen.ts';
import { ApiError } from '../cluster/api.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { look, NAMESPACE, PLAIN, running } from './look.ts';
import type { Look } from './look.ts';
import { plainDeployment } from './plain.ts';

const root = join(import.meta.dirname, '..', '..');
const sample = 'manifests/samples/pizzeria.yaml';
/** The station that is compared with the plain Deployment. */
const HERO = 'grill';
/** The longest wait. Pods start within seconds, so after this time something is wrong. */
const PATIENCE_MS = 120_000;

/** Where lines and pictures go, and a signal that ends the demo early. */
export interface Audience {
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly show: (seen: Look, words: { readonly title: string; readonly story: string }) => void;
}

/**
 * Applies CRDs, operator, sample Kitchen and plain Deployment as a user would. Resolves to the station that is
 * compared.
 */
export async function serve(cluster: Cluster, { say, signal }: Audience): Promise<DeclaredStation> {
  const kubectl = async (...args: readonly string[]): Promise<void> => {
    const all = ['--kubeconfig', cluster.kubeconfig, ...args];
    await promisify(execFile)(cluster.bin.kubectl, all, { cwd: root, signal, timeout: 60_000 });
  };
  say('kubectl apply --server-side -f crds');
  await kubectl('apply', '--server-side', '-f', 'crds');
  await kubectl('wait', '--for=condition=Established', '--timeout=30s', '-f', 'crds');
  say('npm start: the operator runs');
  cluster.processes.start({
    name: 'operator',
    command: process.execPath,
    args: [join(root, 'operator', 'main.ts'), '--kubeconfig', cluster.kubeconfig, '--listen', 'off'],
  });
  say(`kubectl apply --server-side -f ${sample}`);
  await kubectl('apply', '--server-side', '-f', sample);
  const kitchen = load(await readFile(join(root, sample), 'utf8')) as Kitchen;
  const hero = kitchen.spec.stations.find((station) => station.name === HERO);
  if (hero === undefined) throw new Error(`${sample} has no station ${HERO}`);
  await cluster.api.call('POST', `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`, plainDeployment(hero));
  return hero;
}

/** Resolves to the first look at which every station and the plain Deployment run all their pods. */
export async function untilServed(cluster: Cluster, hero: DeclaredStation, audience: Audience): Promise<Look> {
  const words = { title: 'the Kitchen starts', story: `beside it a plain Deployment of ${hero.replicas ?? 0} pods` };
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    const seen = await lookIfServed(cluster);
    await pause(200, undefined, { signal: audience.signal });
    if (seen === undefined) continue;
    audience.show(seen, words);
    if (isServed(seen) && running(seen, PLAIN) >= (hero.replicas ?? 0)) return seen;
  }
  throw new Error(`not all pods ran within ${PATIENCE_MS / 1000} s; --no-story keeps the cluster, to look why`);
}

function isServed(seen: Look): boolean {
  return (
    seen.stations.length > 0 &&
    seen.stations.every(
      ({ spec, status }) => status?.target !== undefined && running(seen, spec.station) >= status.target,
    )
  );
}

/** A look at the cluster; undefined while a new kind answers 429, because its storage is not ready yet. */
async function lookIfServed(cluster: Cluster): Promise<Look | undefined> {
  try {
    return await look(cluster.api);
  } catch (error) {
    if (error instanceof ApiError && error.status === 429) return undefined;
    throw error;
  }
}

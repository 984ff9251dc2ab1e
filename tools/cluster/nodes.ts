import type { Api, ApiError } from './api.ts';
import { aliveLabel } from './components.ts';
import { versions } from './assets/sets.ts';

/** What the harness reads of a Node. */
export type NodeObject = {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: { readonly unschedulable?: boolean };
  readonly status?: { readonly conditions?: readonly Condition[] };
};

/** What the harness reads of a Pod. */
export type PodObject = {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly deletionTimestamp?: string };
  readonly spec: { readonly nodeName?: string };
  readonly status?: { readonly phase?: string; readonly conditions?: readonly Condition[] };
};

type Condition = { readonly type: string; readonly status: string };

type NodeName = { readonly name: string; readonly zone: string; readonly index: number };

/** How a node differs from the usual one. */
export type NodeTraits = {
  /** How many pods it has room for; 250 unless told. */
  readonly pods?: number;
  /** Added to the usual labels; null takes one away. */
  readonly labels?: Readonly<Record<string, string | null>>;
  readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
};

export const zoneLabel = 'topology.kubernetes.io/zone';

/** `zone-a`, `zone-b`, … for a zone's number from 0. Throws beyond 26. */
export function zoneName(index: number): string {
  if (index > 25) throw new Error('at most 26 zones');
  return `zone-${String.fromCodePoint(97 + index)}`;
}

/** A Node as a kubelet registers it: 32 cores, 128 GiB, 250 pods. `index` makes its addresses its own. */
export function nodeBody({ name, zone, index }: NodeName, traits: NodeTraits = {}): object {
  const resources = { cpu: '32', memory: '128Gi', 'ephemeral-storage': '500Gi', pods: String(traits.pods ?? 250) };
  const [high, low] = [Math.floor(index / 256), index % 256];
  const labels = {
    [aliveLabel]: 'true',
    [zoneLabel]: zone,
    'topology.kubernetes.io/region': 'local',
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    ...traits.labels,
  };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      // The API server would take null for an empty label.
      labels: Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== null)),
    },
    spec: {
      podCIDR: `10.${128 + high}.${low}.0/24`,
      podCIDRs: [`10.${128 + high}.${low}.0/24`],
      taints: traits.taints ?? [],
    },
    status: {
      capacity: resources,
      allocatable: resources,
      addresses: [
        { type: 'InternalIP', address: `172.${16 + high}.${low}.1` },
        { type: 'Hostname', address: name },
      ],
      nodeInfo: {
        architecture: 'amd64',
        operatingSystem: 'linux',
        kubeletVersion: versions.kubernetes,
        kubeProxyVersion: versions.kubernetes,
        containerRuntimeVersion: `kwok://${versions.kwok.slice(1)}`,
        kernelVersion: 'none',
        osImage: 'none',
        bootID: '',
        machineID: '',
        systemUUID: '',
      },
    },
  };
}

export async function listNodes(api: Api): Promise<readonly NodeObject[]> {
  const { items } = await api.call<{ items: NodeObject[] }>('GET', '/api/v1/nodes');
  return items.toSorted((a, b) => a.metadata.name.localeCompare(b.metadata.name, 'en', { numeric: true }));
}

/** Makes `count` nodes in a zone, named `ZONE-1` on from the highest number there is; resolves to their names. */
export async function addNodes(
  api: Api,
  zone: string,
  { count, ...traits }: NodeTraits & { readonly count: number },
): Promise<readonly string[]> {
  if (!/^[a-z0-9]([-a-z0-9]{0,40}[a-z0-9])?$/.test(zone))
    throw new Error(`"${zone}" is no zone name: write one such as zone-a`);
  const nodes = await listNodes(api);
  const highest = Math.max(
    0,
    ...nodes
      .filter(({ metadata }) => metadata.name.startsWith(`${zone}-`))
      .map(({ metadata }) => Number(/-(\d+)$/.exec(metadata.name)?.[1] ?? 0)),
  );
  const names = Array.from({ length: count }, (_, index) => `${zone}-${highest + 1 + index}`);
  const first = await reserveIndexes(api, count);
  await Promise.all(
    names.map((name, index) =>
      api.call('POST', '/api/v1/nodes', nodeBody({ name, zone, index: first + index }, traits)),
    ),
  );
  return names;
}

/**
 * Node addresses are never used twice: a ConfigMap holds the next free number. If two callers ask at once, one has to
 * try again.
 */
async function reserveIndexes(api: Api, count: number): Promise<number> {
  const path = '/api/v1/namespaces/kube-system/configmaps';
  const metadata = { name: 'node-addresses' };
  const read = await api
    .call<{ data: { next: string } }>('GET', `${path}/${metadata.name}`)
    .catch((error: ApiError) => {
      if (error.status === 404) return undefined;
      throw error;
    });
  const first = Number(read?.data.next ?? 0);
  const body = {
    ...read,
    metadata: { ...metadata, ...(read as { metadata?: object } | undefined)?.metadata },
    data: { next: String(first + count) },
  };
  const write = read === undefined ? api.call('POST', path, body) : api.call('PUT', `${path}/${metadata.name}`, body);
  return write.then(
    () => first,
    (error: ApiError) => {
      if (error.status !== 409) throw error;
      return reserveIndexes(api, count);
    },
  );
}

export async function removeNode(api: Api, name: string): Promise<void> {
  await nodesNamed(api, 'node', name);
  await api.call('DELETE', `/api/v1/nodes/${name}`);
}

/**
 * Lets a node or all nodes of a zone live or die. Resolves to the names of the changed nodes. Throws when there is no
 * such node or zone.
 */
export async function setAlive(
  api: Api,
  what: { kind: 'node' | 'zone'; name: string; alive: boolean },
): Promise<readonly string[]> {
  const nodes = await nodesNamed(api, what.kind, what.name);
  const changing = nodes.filter((node) => isAlive(node) !== what.alive).map(({ metadata }) => metadata.name);
  const body = { metadata: { labels: { [aliveLabel]: what.alive ? 'true' : null } } };
  await Promise.all(changing.map((name) => api.call('PATCH', `/api/v1/nodes/${name}`, body)));
  return changing;
}

async function nodesNamed(api: Api, kind: 'node' | 'zone', name: string): Promise<readonly NodeObject[]> {
  const all = await listNodes(api);
  const nameOf = kind === 'node' ? (node: NodeObject) => node.metadata.name : zoneOf;
  const found = all.filter((node) => nameOf(node) === name);
  if (found.length > 0) return found;
  throw new Error(`there is no ${kind} ${name}; there are ${[...new Set(all.map(nameOf))].join(', ') || 'none'}`);
}

export function zoneOf(node: NodeObject): string {
  return node.metadata.labels?.[zoneLabel] ?? '';
}

/** Whether the node's kubelet really runs, even if the control plane has not noticed a change yet. */
export function isAlive(node: NodeObject): boolean {
  return node.metadata.labels?.[aliveLabel] === 'true';
}

/** Whether the control plane says that the node or pod is Ready. */
export function isReady(object: { readonly status?: { readonly conditions?: readonly Condition[] } }): boolean {
  return object.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

/** The pods that would answer a request now: Ready, and on a node that really lives. */
export function reallyRunning<P extends PodObject>(pods: readonly P[], nodes: readonly NodeObject[]): readonly P[] {
  const alive = new Set(nodes.filter(isAlive).map(({ metadata }) => metadata.name));
  return pods.filter(
    (pod) => pod.metadata.deletionTimestamp === undefined && isReady(pod) && alive.has(pod.spec.nodeName ?? ''),
  );
}

import type { Client } from '../../operator/kube/client.ts';
import { NAMESPACE, PLAIN, STATION } from './objects.ts';

/** The fields of a node that experiments use. */
export interface NodeSeen {
  readonly name: string;
  readonly zone: string | undefined;
  readonly isReady: boolean;
}

/** A pod of one of the two services. */
export interface PodSeen {
  readonly service: string;
  readonly node: string;
  readonly isReady: boolean;
}

/** The cluster at one moment. */
export interface Look {
  readonly nodes: readonly NodeSeen[];
  readonly pods: readonly PodSeen[];
  /** New requests reach the station through hubs. */
  readonly isBehindHub: boolean;
}

interface Listed {
  readonly items: readonly {
    readonly metadata: {
      readonly name: string;
      readonly labels?: Readonly<Record<string, string>>;
      readonly deletionTimestamp?: string;
    };
    readonly spec?: { readonly nodeName?: string };
    readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
  }[];
}

/** Reads nodes and pods once. */
export async function look(client: Client): Promise<Look> {
  const stations = `/apis/kitchen.dev/v1alpha1/namespaces/${NAMESPACE}/stations`;
  const [nodes, pods, listed] = await Promise.all([
    client.request<Listed>({ path: '/api/v1/nodes' }),
    client.request<Listed>({ path: `/api/v1/namespaces/${NAMESPACE}/pods` }),
    client.request<Listed>({ path: stations }),
  ]);
  const station = listed.items.find(({ metadata }) => metadata.name === STATION);
  return {
    isBehindHub: station !== undefined && hasCondition(station, 'BehindHub'),
    nodes: nodes.items.map((node) => ({
      name: node.metadata.name,
      zone: node.metadata.labels?.['topology.kubernetes.io/zone'],
      isReady: isReady(node),
    })),
    pods: pods.items.map((pod) => ({
      service: serviceOf(pod.metadata.labels ?? {}),
      node: pod.spec?.nodeName ?? '',
      isReady: isReady(pod) && pod.metadata.deletionTimestamp === undefined,
    })),
  };
}

/**
 * Pods of a service that answer and are not about to end. Pods on hurt nodes do not count, even while the API says
 * Ready.
 */
export function running({ pods }: Look, service: string, hurt: ReadonlySet<string>): number {
  return pods.filter((pod) => pod.service === service && pod.isReady && !hurt.has(pod.node)).length;
}

/** The nodes that may be hurt: those in a zone, by zone. */
export function nodesByZone({ nodes }: Look): ReadonlyMap<string, readonly string[]> {
  const zones = new Map<string, string[]>();
  for (const { name, zone } of nodes) if (zone !== undefined) zones.set(zone, [...(zones.get(zone) ?? []), name]);
  return zones;
}

/** The node, of those that run both services, that runs most pods. */
export function sharedNode(seen: Look): string {
  const on = (node: string, service: string): number =>
    seen.pods.filter((pod) => pod.node === node && pod.service === service).length;
  const shared = seen.nodes.map(({ name }) => name).filter((name) => on(name, STATION) > 0 && on(name, PLAIN) > 0);
  const total = (node: string): number => on(node, STATION) + on(node, PLAIN);
  const chosen = shared.toSorted((a, b) => total(b) - total(a))[0];
  if (chosen === undefined) throw new Error('no node runs pods of both services');
  return chosen;
}

/** The zone that runs most pods of the plain Deployment. */
export function sharedZone(seen: Look): string {
  const plainIn = (nodes: readonly string[]): number =>
    seen.pods.filter((pod) => pod.service === PLAIN && nodes.includes(pod.node)).length;
  const zones = [...nodesByZone(seen)].toSorted(([, a], [, b]) => plainIn(b) - plainIn(a));
  const chosen = zones[0]?.[0];
  if (chosen === undefined) throw new Error('no node has a zone');
  return chosen;
}

function serviceOf(labels: Readonly<Record<string, string>>): string {
  const [kitchen, station] = [labels['kitchen.dev/kitchen'], labels['kitchen.dev/station']];
  return station === undefined ? (labels['app'] ?? '') : `${kitchen}-${station}`;
}

function isReady(object: Listed['items'][number]): boolean {
  return hasCondition(object, 'Ready');
}

function hasCondition({ status }: Listed['items'][number], type: string): boolean {
  return status?.conditions?.some((each) => each.type === type && each.status === 'True') ?? false;
}

import type { Station } from '../../operator/api/station.ts';
import type { Api } from '../cluster/api.ts';
import { listNodes, reallyRunning } from '../cluster/nodes.ts';
import type { NodeObject, PodObject } from '../cluster/nodes.ts';

/** Where the demo's services live. */
export const NAMESPACE = 'default';
/** The plain Deployment beside the Kitchen, and the label value of its pods. */
export const PLAIN = 'plain';

export type DemoPod = PodObject & {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
};

/** Everything that the demo shows and measures, at one moment. */
export interface Look {
  readonly nodes: readonly NodeObject[];
  readonly pods: readonly DemoPod[];
  readonly stations: readonly Station[];
}

/** Reads the cluster once. */
export async function look(api: Api): Promise<Look> {
  const [nodes, pods, stations] = await Promise.all([
    listNodes(api),
    api.call<{ items: DemoPod[] }>('GET', `/api/v1/namespaces/${NAMESPACE}/pods`),
    api.call<{ items: Station[] }>('GET', `/apis/kitchen.dev/v1alpha1/namespaces/${NAMESPACE}/stations`),
  ]);
  return { nodes, pods: pods.items, stations: stations.items };
}

/** The station a pod belongs to, or `plain`. */
export function serviceOf(pod: DemoPod): string {
  return pod.metadata.labels?.['kitchen.dev/station'] ?? pod.metadata.labels?.['app'] ?? '';
}

/** How many pods of a service would answer a request now, even if the control plane has not noticed a change yet. */
export function running({ pods, nodes }: Look, service: string): number {
  return reallyRunning(
    pods.filter((pod) => serviceOf(pod) === service),
    nodes,
  ).length;
}

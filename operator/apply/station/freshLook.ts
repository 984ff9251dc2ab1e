import { selectorText, stationSelector } from '../../api/labels.ts';
import type { CallOptions, Client } from '../../kube/client.ts';
import type { KubeObject } from '../../api/kubernetes/object.ts';
import { deployments, nodes, podDisruptionBudgets, pods } from '../../api/kubernetes/resource.ts';
import type { StationObject } from '../../observe/objects.ts';
import type { FreshObjects } from '../../observe/station/parts.ts';
import { projectPod } from '../../observe/project.ts';
import { stations } from '../../api/resources.ts';
import { findObject } from '../findObject.ts';

/** Everything that a shrink is decided from, read again from the API server. */
export interface FreshLook extends FreshObjects {
  readonly station: KubeObject;
}

/**
 * Reads the Station, its pods, Deployments and budget consistently, and the nodes that its pods are on. It does not
 * list all nodes: in a large cluster that takes too long to be fresh. Rejects with `notFound` when there is no Station.
 */
export async function readFresh(client: Client, { namespace, name, ...labelled }: StationObject): Promise<FreshLook> {
  const labelSelector = selectorText(stationSelector(labelled.kitchen, labelled.station));
  const options = { timeoutMs: 5_000, doing: `looking again at ${name}` };
  const [station, podList, deploymentList, budget] = await Promise.all([
    client.get({ resource: stations, namespace, name }, options),
    client.list({ resource: pods, namespace }, { ...options, labelSelector }),
    client.list({ resource: deployments, namespace }, { ...options, labelSelector }),
    findObject(client, { resource: podDisruptionBudgets, namespace, name }, options),
  ]);
  const carrying = await readNodes(client, podList.items, options);
  return { station, pods: podList.items, deployments: deploymentList.items, nodes: carrying, budget };
}

async function readNodes(
  client: Client,
  podList: readonly KubeObject[],
  options: CallOptions,
): Promise<readonly KubeObject[]> {
  const names = new Set(podList.map((pod) => projectPod(pod)?.node ?? ''));
  names.delete('');
  const read = await Promise.all([...names].map((name) => findObject(client, { resource: nodes, name }, options)));
  return read.filter((node) => node !== undefined);
}

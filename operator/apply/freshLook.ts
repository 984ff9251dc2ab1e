import { selectorText, stationSelector } from '../api/labels.ts';
import type { Client } from '../kube/client.ts';
import { isCode } from '../kube/errors.ts';
import type { KubeObject } from '../kube/object.ts';
import { deployments, nodes, podDisruptionBudgets, pods } from '../kube/resource.ts';
import type { FreshObjects } from '../observe/parts.ts';
import type { StationObject } from '../observe/objects.ts';

/** Consistent reads of what a shrink rests on: the station's pods, Deployments and budget, and all nodes. */
export async function readFresh(client: Client, station: StationObject): Promise<FreshObjects> {
  const { namespace } = station;
  const labelSelector = selectorText(stationSelector(station.kitchen, station.station));
  const options = { labelSelector, timeoutMs: 5_000, doing: `looking again at ${station.name}` };
  const [podList, deploymentList, nodeList, budget] = await Promise.all([
    client.list({ resource: pods, namespace }, options),
    client.list({ resource: deployments, namespace }, options),
    client.list({ resource: nodes }, { timeoutMs: 5_000, doing: options.doing }),
    readBudget(client, station),
  ]);
  return { pods: podList.items, deployments: deploymentList.items, nodes: nodeList.items, budget };
}

async function readBudget(client: Client, { namespace, name }: StationObject): Promise<KubeObject | undefined> {
  try {
    return await client.get({ resource: podDisruptionBudgets, namespace, name }, { timeoutMs: 5_000 });
  } catch (error) {
    if (isCode(error, 'notFound')) return undefined;
    throw error;
  }
}

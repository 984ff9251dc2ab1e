import { apiVersionOf, endpoints, endpointSlices } from '../../api/kubernetes/resource.ts';
import type { KubeObject, OwnerReference } from '../../api/kubernetes/object.ts';
import { childLabels, fieldManagers, labels } from '../../api/labels.ts';
import { isCode } from '../../kube/errors.ts';
import type { Client } from '../../kube/client.ts';
import type { LearningStore } from '../../kube/store.ts';
import type { HubEndpoint } from '../../observe/objects.ts';
import type { SlicesStep, SliceWanted } from './planSlices.ts';

/** For whom slices are written. */
export interface SlicesOwner {
  readonly namespace: string;
  readonly service: string;
  readonly kitchen: string;
  readonly station: string;
  readonly reference: OwnerReference;
}

interface SlicesWriting {
  readonly client: Client;
  readonly learn: LearningStore['learn'];
}

/** Does one step. What is gone already needs no removal. */
export async function applySlicesStep(
  { client, learn }: SlicesWriting,
  step: SlicesStep,
  {
    owner,
    namespace,
    service,
  }: { readonly owner: SlicesOwner | undefined; readonly namespace: string; readonly service: string },
): Promise<void> {
  if (step.kind === 'apply') {
    if (owner === undefined) return;
    const { name } = step.slice;
    const options = { fieldManager: fieldManagers.operator, force: true, doing: `applying EndpointSlice ${name}` };
    learn(await client.apply({ resource: endpointSlices, namespace, name }, sliceObject(step.slice, owner), options));
    return;
  }
  const at =
    step.kind === 'remove'
      ? { resource: endpointSlices, namespace, name: step.name }
      : { resource: endpoints, namespace, name: service };
  const seen = step.kind === 'remove' ? { uid: step.uid } : {};
  try {
    await client.remove(at, { ...seen, doing: `deleting ${at.resource.kind} ${at.name}` });
  } catch (error) {
    if (!isCode(error, 'notFound')) throw error;
  }
}

/** A slice as it is written. Each endpoint has hints: one without would switch them off for the whole Service. */
function sliceObject({ name, endpoints: hubs, ports }: SliceWanted, owner: SlicesOwner): KubeObject {
  const { namespace, service, kitchen, station, reference } = owner;
  const own = { [labels.sliceService]: service, [labels.sliceManagedBy]: fieldManagers.operator };
  return {
    apiVersion: apiVersionOf(endpointSlices),
    kind: endpointSlices.kind,
    metadata: { name, namespace, labels: { ...childLabels(kitchen, station), ...own }, ownerReferences: [reference] },
    addressType: hubs.some(({ address }) => address.includes(':')) ? 'IPv6' : 'IPv4',
    endpoints: hubs.map(endpointObject),
    ports: ports.map((port) => ({ ...port, protocol: 'TCP' })),
  } as KubeObject;
}

function endpointObject({ address, node, zone, state }: HubEndpoint): object {
  const leaves = state === 'Leaving';
  return {
    addresses: [address],
    nodeName: node,
    ...(zone === '' ? {} : { zone }),
    conditions: { ready: state === 'Ready', serving: state !== 'Away', terminating: leaves },
    hints: { forNodes: [{ name: node }], ...(zone === '' ? {} : { forZones: [{ name: zone }] }) },
  };
}

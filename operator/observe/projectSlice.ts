import { fieldManagers, labels } from '../api/labels.ts';
import type { KubeObject } from '../api/kubernetes/object.ts';
import type { HubEndpoint, HubSlice, SliceObject } from './objects.ts';
import { share } from './share.ts';

interface RawSlicePort {
  readonly name?: string | null;
  readonly port?: number | null;
  readonly appProtocol?: string | null;
}

interface RawEndpoint {
  readonly addresses?: readonly string[];
  readonly nodeName?: string | null;
  readonly zone?: string | null;
  readonly conditions?: { readonly ready?: boolean | null; readonly serving?: boolean | null };
  readonly targetRef?: { readonly kind?: string; readonly uid?: string };
}

interface RawSlice extends KubeObject {
  readonly ports?: readonly RawSlicePort[] | null;
  readonly endpoints?: readonly RawEndpoint[] | null;
}

/**
 * An EndpointSlice of ours, reduced to the pods that receive traffic and by which ports; an unset `ready` means ready.
 * A slice that is being deleted is no longer updated, and its pods are in another one: it lists none.
 */
export function projectSlice(raw: KubeObject): SliceObject {
  const { metadata, ports } = raw as RawSlice;
  const endpoints = metadata.deletionTimestamp === undefined ? (raw as RawSlice).endpoints : [];
  const managedBy = metadata.labels?.[labels.sliceManagedBy] ?? '';
  return {
    namespace: share(metadata.namespace ?? ''),
    name: metadata.name ?? '',
    uid: metadata.uid ?? '',
    service: share(metadata.labels?.[labels.sliceService] ?? ''),
    managedBy: share(managedBy),
    ...(managedBy === fieldManagers.operator
      ? { hubs: hubsIn({ ports: ports ?? [], endpoints: endpoints ?? [] }) }
      : {}),
    kitchen: share(metadata.labels?.[labels.kitchen] ?? ''),
    station: share(metadata.labels?.[labels.station] ?? ''),
    ports: share((ports ?? []).flatMap(({ name, port }) => (typeof port === 'number' ? [name ?? ''] : [])).toSorted()),
    readyPods: (endpoints ?? [])
      .filter(({ conditions }) => conditions?.ready !== false)
      .flatMap(({ targetRef }) => (targetRef?.kind === 'Pod' && targetRef.uid !== undefined ? [targetRef.uid] : []))
      .toSorted(),
  };
}

function hubsIn(slice: {
  readonly ports: readonly RawSlicePort[];
  readonly endpoints: readonly RawEndpoint[];
}): HubSlice {
  const state = ({ ready, serving }: NonNullable<RawEndpoint['conditions']>): HubEndpoint['state'] =>
    ready === false ? (serving === true ? 'Leaving' : 'Away') : 'Ready';
  return {
    endpoints: slice.endpoints.map(({ addresses = [], nodeName, zone, conditions = {} }) => ({
      address: share(addresses[0] ?? ''),
      node: share(nodeName ?? ''),
      zone: share(zone ?? ''),
      state: state(conditions),
    })),
    ports: share(
      slice.ports.map(({ name, port, appProtocol }) => ({
        name: name ?? '',
        port: port ?? 0,
        ...(typeof appProtocol === 'string' ? { appProtocol } : {}),
      })),
    ),
  };
}

import { isForHubs } from '../../api/hub.ts';
import { keyOf } from '../../api/kubernetes/key.ts';
import type { Key } from '../../api/kubernetes/key.ts';
import { podsServiceName } from '../../api/names.ts';
import { ZONE_LABEL } from '../../api/zone.ts';
import type { HubSlicePort, ServiceObject, StationObject } from '../../observe/objects.ts';
import { hubConflictOf } from '../../observe/station/hubConflict.ts';
import type { HubConflict } from '../../model/hub.ts';
import type { Stores } from '../../observe/stores.ts';
import type { HubPod } from '../hubPod.ts';
import { hubPortName } from '../ports.ts';
import type { HubPorts } from '../ports.ts';
import type { HubSeen, SlicesSnapshot } from './planSlices.ts';

export interface SlicesSeen {
  readonly stores: Pick<Stores, 'stations' | 'services' | 'slices' | 'nodes' | 'pods' | 'policies'>;
  readonly hubs: readonly HubPod[];
  readonly ports: HubPorts;
  readonly areBypassed: boolean;
  /** Whether a port of a hub has accepted a connection. */
  readonly isOpen: (address: string, port: number) => boolean;
  /** Whether the clients of a hub's node are led to this hub. */
  readonly isLocal: (address: string, node: string) => boolean;
}

/** What there is to see of the slices of one station. The key stays when the Station is gone: its slices must go too. */
export function takeSlices(
  key: Key,
  { stores, hubs, ports, areBypassed, isOpen, isLocal }: SlicesSeen,
): SlicesSnapshot {
  const station = stores.stations.get(key);
  const own = station !== undefined && !station.deleting ? station : undefined;
  const service = own && serviceOf(own, stores.services.get(key));
  const name = key.slice(key.indexOf('/') + 1);
  const slices = stores.slices.byIndex('station', key);
  const given = own && service && portsOf(own, service, ports);
  const podsService = own && podsServiceName(own.kitchen, own.station);
  return {
    service: name,
    isForHubs: own !== undefined && isForHubs(own.object.spec) && conflictOf(own, stores) === undefined,
    areBypassed,
    paused: own?.object.spec.paused === true,
    selects: service && service.selects === true,
    ports: given,
    hubs:
      given === undefined
        ? []
        : hubs.filter(({ address }) => address !== '').map((hub) => seenOf(hub, given, { stores, isOpen, isLocal })),
    own: slices.flatMap((slice) =>
      slice.service === name && slice.hubs !== undefined ? [{ ...slice, ...slice.hubs }] : [],
    ),
    others: slices.filter((slice) => slice.service === name && slice.hubs === undefined),
    podsListed: new Set(slices.filter((slice) => slice.service === podsService).flatMap(({ readyPods }) => readyPods)),
  };
}

function conflictOf(station: StationObject, stores: SlicesSeen['stores']): HubConflict | undefined {
  const key = keyOf(station);
  const pods = stores.pods.byIndex('station', key);
  const policies = stores.policies.byIndex('namespace', station.namespace);
  return hubConflictOf(station, { service: stores.services.get(key), pods, policies });
}

/** The Service of the name, if the same Kitchen controls it. */
function serviceOf({ controller }: StationObject, service: ServiceObject | undefined): ServiceObject | undefined {
  return service?.controller?.uid === controller?.uid && service?.deleting === false ? service : undefined;
}

/** Where hubs listen for each port of a Service; undefined while one has no port on the hubs. */
function portsOf(station: StationObject, service: ServiceObject, ports: HubPorts): readonly HubSlicePort[] | undefined {
  const given = service.ports.map(({ name, port, appProtocol }) => ({
    name,
    port: ports.get(hubPortName(station, port)) ?? 0,
    ...(appProtocol === undefined ? {} : { appProtocol }),
  }));
  return given.every(({ port }) => port > 0) ? given : undefined;
}

function seenOf(
  { address, node, ready, deleting }: HubPod,
  ports: readonly HubSlicePort[],
  { stores, isOpen, isLocal }: Pick<SlicesSeen, 'stores' | 'isOpen' | 'isLocal'>,
): HubSeen {
  const zone = stores.nodes.get(keyOf({ name: node }))?.labels[ZONE_LABEL] ?? '';
  // All doors are knocked at, so that all are open when the last is.
  const isEachOpen = ready && ports.map(({ port }) => isOpen(address, port)).every(Boolean);
  const reached = ready && isLocal(address, node) && isEachOpen;
  return { address, node, zone, ready, deleting, reached };
}

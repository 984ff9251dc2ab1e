import { durationMs } from '../api/duration.ts';
import { hubProtocol } from '../api/hub.ts';
import type { Key } from '../api/kubernetes/key.ts';
import { keyOf } from '../api/kubernetes/key.ts';
import { ZONE_LABEL } from '../api/zone.ts';
import type { ServicePort } from '../model/child.ts';
import type { PodObject, StationObject } from '../observe/objects.ts';
import { podPort } from '../observe/podPort.ts';
import type { Stores } from '../observe/stores.ts';
import { boundOf, steadyBound } from '../traffic/bound.ts';
import type { Backend, Endpoint, Listener, Traffic } from '../traffic/form.ts';
import { isServedByHubs } from './isServedByHubs.ts';
import { steadyLoss } from './loss.ts';
import { leavingShifted, lossBeside, shiftedZones } from './shifted.ts';
import { hubPortName } from './ports.ts';
import type { HubPorts } from './ports.ts';

export interface Seen {
  readonly stores: Pick<Stores, 'stations' | 'services' | 'pods' | 'nodes' | 'slices'>;
  /** Which port of the hubs stands for which port of a Service. */
  readonly ports: HubPorts;
}

const nothing: Traffic = { listeners: [], backends: [] };

/**
 * What hubs serve for one station: a listener and a backend for each port of its Service. Nothing for a station that is
 * not behind hubs, or while it has no Service or no ports on the hubs. `before`: what they served until now.
 */
export function stationTraffic(key: Key, { stores, ports }: Seen, before: Traffic = nothing): Traffic {
  const station = stores.stations.get(key);
  const service = stores.services.get(key);
  if (station === undefined || service === undefined || !isServedByHubs(station, stores)) return nothing;
  // An object of the name that another Kitchen, or nobody, owns says nothing about this station.
  if (service.controller?.uid !== station.controller?.uid) return nothing;
  const pods = stores.pods.byIndex('station', key).map((pod) => ({ pod, ...placeOf(pod, stores) }));
  const shifted = shiftedZones(station);
  // Those that are there, Ready or not: while a zone is dying, what was declared stays what it was.
  const there = pods.filter(({ pod, node }) => !pod.ended && !pod.deleting && node !== '');
  const parts = service.ports.flatMap((port) => {
    const name = hubPortName(station, port.port);
    const hubPort = ports.get(name);
    if (hubPort === undefined) return [];
    const known: Known = {
      name,
      protocol: hubProtocol(port),
      station,
      listener: before.listeners.find((each) => each.name === name),
      backend: before.backends.find((each) => each.name === name),
    };
    const endpoints = pods
      .flatMap(({ pod, zone }) => endpointOf(pod, port, zone))
      .map((each) => leavingShifted(each, shifted));
    return [{ listener: stationListener(known, hubPort), backend: stationBackend(known, { endpoints, there }) }];
  });
  return { listeners: parts.map(({ listener }) => listener), backends: parts.map(({ backend }) => backend) };
}

/** A port of a station, and what hubs served for it until now. */
interface Known {
  readonly name: string;
  readonly protocol: Backend['protocol'];
  readonly station: StationObject;
  readonly listener: Listener | undefined;
  readonly backend: Backend | undefined;
}

function stationListener({ name, protocol, station, listener }: Known, port: number): Listener {
  const { hub } = station.object.spec;
  // On its way back to a plain Service it is served as before.
  if (hub === undefined && listener !== undefined) return { ...listener, port };
  if (protocol === 'TCP') return { name, port, protocol, backend: name };
  const { retries = 'Off', perTryTimeout } = hub ?? {};
  const tryTimeoutMs = durationMs(perTryTimeout ?? '');
  const limit = tryTimeoutMs === undefined ? {} : { tryTimeoutMs };
  return { name, port, protocol: 'HTTP', routes: [{ pathPrefix: '/', backend: name, retries, ...limit }] };
}

function stationBackend(
  { name, protocol, station, backend }: Known,
  { endpoints, there }: { readonly endpoints: readonly Endpoint[]; readonly there: readonly Location[] },
): Backend {
  return {
    name,
    protocol,
    endpoints: endpoints.toSorted((a, b) => (a.address < b.address ? -1 : 1)),
    declaredLoss: steadyLoss(
      backend?.declaredLoss,
      lossBeside(shiftedZones(station), there, station.object.spec.survive),
    ),
    bound: steadyBound(backend?.bound, boundOf(there.length)),
  };
}

/** Where a pod is: the names of its node and of its zone, empty while it has none. */
interface Location {
  readonly node: string;
  readonly zone: string;
}

function placeOf({ node }: PodObject, { nodes }: Pick<Stores, 'nodes'>): Location {
  return { node, zone: nodes.get(keyOf({ name: node }))?.labels[ZONE_LABEL] ?? '' };
}

/** The port of a pod that a port of its Service leads to; none while the pod cannot answer. */
function endpointOf(pod: PodObject, port: ServicePort, zone: string): readonly Endpoint[] {
  const target = podPort(pod, port);
  if (pod.readyAt === undefined || pod.ended || pod.address === '' || target === undefined) return [];
  return [{ address: pod.address, port: target, zone, state: pod.deleting ? 'Leaving' : 'Serving' }];
}

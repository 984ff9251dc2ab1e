import { hubProtocol, isForHubs } from '../api/hub.ts';
import type { Key } from '../api/kubernetes/key.ts';
import { keyOf } from '../api/kubernetes/key.ts';
import { ZONE_LABEL } from '../api/zone.ts';
import type { ServicePort } from '../model/child.ts';
import type { PodObject, StationObject } from '../observe/objects.ts';
import type { Stores } from '../observe/stores.ts';
import { boundOf, steadyBound } from '../traffic/bound.ts';
import type { Backend, Endpoint, Listener, Traffic } from '../traffic/form.ts';
import { declaredLossOf, steadyLoss } from './loss.ts';
import { hubPortName } from './ports.ts';
import type { HubPorts } from './ports.ts';

export interface Seen {
  readonly stores: Pick<Stores, 'stations' | 'services' | 'pods' | 'nodes'>;
  /** Which port of the hubs stands for which port of a Service. */
  readonly ports: HubPorts;
  /** How many hubs there are. */
  readonly hubs: number;
}

type Placed = Endpoint & { readonly node: string };

const nothing: Traffic = { listeners: [], backends: [] };

/**
 * What hubs serve for one station: a listener and a backend for each port of its Service. Nothing for a station that is
 * not behind hubs, or while it has no Service or no ports on the hubs. `before`: what they served until now.
 */
export function stationTraffic(key: Key, { stores, ports, hubs }: Seen, before: Traffic = nothing): Traffic {
  const station = stores.stations.get(key);
  const service = stores.services.get(key);
  if (station === undefined || service === undefined || !isForHubs(station.object.spec)) return nothing;
  // An object of the name that another Kitchen, or nobody, owns says nothing about this station.
  if (service.controller?.uid !== station.controller?.uid) return nothing;
  const pods = stores.pods.byIndex('station', key);
  const parts = service.ports.flatMap((port) => {
    const name = hubPortName(station, port.port);
    const hubPort = ports.get(name);
    if (hubPort === undefined) return [];
    const protocol = hubProtocol(port);
    const endpoints = pods.flatMap((pod) => endpointOf(pod, port, stores));
    return [
      {
        listener: stationListener({ name, hubPort, protocol, station }),
        backend: stationBackend({
          name,
          protocol,
          station,
          endpoints,
          hubs,
          before: before.backends.find((each) => each.name === name),
        }),
      },
    ];
  });
  return { listeners: parts.map(({ listener }) => listener), backends: parts.map(({ backend }) => backend) };
}

interface OfPort {
  readonly name: string;
  readonly protocol: Backend['protocol'];
  readonly station: StationObject;
}

function stationListener({ name, hubPort, protocol, station }: OfPort & { readonly hubPort: number }): Listener {
  if (protocol === 'TCP') return { name, port: hubPort, protocol, backend: name };
  const { retries = 'Off', perTryTimeout } = station.object.spec.hub ?? {};
  const limit = perTryTimeout === undefined ? {} : { tryTimeoutMs: millisecondsOf(perTryTimeout) };
  return { name, port: hubPort, protocol: 'HTTP', routes: [{ pathPrefix: '/', backend: name, retries, ...limit }] };
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };

/** `500ms`, `2s` or `1m`; the schema lets nothing else in. */
function millisecondsOf(duration: string): number {
  return Number.parseInt(duration, 10) * (UNITS[duration.replace(/^\d+/, '')] ?? 1_000);
}

function stationBackend({
  name,
  protocol,
  station,
  endpoints,
  hubs,
  before,
}: OfPort & {
  readonly endpoints: readonly Placed[];
  readonly hubs: number;
  readonly before: Backend | undefined;
}): Backend {
  const serving = endpoints.filter(({ state }) => state === 'Serving');
  return {
    name,
    protocol,
    endpoints: endpoints.map(withoutNode).toSorted((a, b) => (a.address < b.address ? -1 : 1)),
    declaredLoss: steadyLoss(before?.declaredLoss, declaredLossOf(serving, station.object.spec.survive)),
    bound: steadyBound(before?.bound, boundOf({ pods: serving.length, hubs })),
  };
}

function withoutNode(placed: Placed): Endpoint {
  const { node: _, ...endpoint } = placed;
  return endpoint;
}

/** The port of a pod that a port of its Service leads to; none while the pod cannot answer. */
function endpointOf(pod: PodObject, port: ServicePort, { nodes }: Pick<Stores, 'nodes'>): readonly Placed[] {
  const target = targetIn(pod, port);
  if (pod.readyAt === undefined || pod.ended || pod.address === '' || target === undefined) return [];
  const zone = nodes.get(keyOf({ name: pod.node }))?.labels[ZONE_LABEL] ?? '';
  return [{ address: pod.address, port: target, zone, node: pod.node, state: pod.deleting ? 'Leaving' : 'Serving' }];
}

/** The number of the port that a pod listens on; undefined when it declares none of the name. */
function targetIn({ ports }: PodObject, { targetPort, protocol }: ServicePort): number | undefined {
  if (typeof targetPort === 'number') return targetPort;
  const declared = ports.split(' ').find((each) => each.startsWith(`${targetPort}:`) && each.endsWith(`/${protocol}`));
  return declared === undefined ? undefined : Number(/:(\d+)\//.exec(declared)?.[1]);
}

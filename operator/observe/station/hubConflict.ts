import { stationSelector } from '../../api/labels.ts';
import type { HubConflict } from '../../model/hub.ts';
import type { PodObject, PolicyObject, PolicyPort, ServiceObject, StationObject } from '../objects.ts';
import { selects } from '../selects.ts';

export interface HubSurroundings {
  readonly service: ServiceObject | undefined;
  /** All pods that the station's selectors catch. */
  readonly pods: readonly PodObject[];
  /** All policies of the namespace about incoming traffic. */
  readonly policies: readonly PolicyObject[];
}

/**
 * What makes the way through the hubs worse than none; undefined: nothing does. A NetworkPolicy sees the hub's address
 * and not the client's: it keeps the hub out, or lets in through it whom it is to keep out. A mesh does the same with
 * identities.
 */
export function hubConflictOf(
  station: StationObject,
  { service, pods, policies }: HubSurroundings,
): HubConflict | undefined {
  const meshed = pods.find(({ mesh }) => mesh !== undefined);
  if (meshed !== undefined) return { kind: 'Mesh', name: meshed.mesh ?? '', object: `Pod ${meshed.name}` };
  const { kitchen, station: part, object } = station;
  const labels = { ...object.spec.template.metadata?.labels, ...stationSelector(kitchen, part) };
  const selecting = policies.filter(({ selector }) => selects(selector, labels));
  const [first] = selecting;
  if (first === undefined) return undefined;
  const asked = service?.ports ?? object.spec.ports;
  const targets = asked.map(({ port, targetPort = port }) => targetPort);
  const open = selecting.flatMap(({ openTo }) => openTo);
  if (targets.every((target) => open.some((ports) => leadsTo(ports, target)))) return undefined;
  return { kind: 'Policy', name: first.name, object: `NetworkPolicy ${first.name}` };
}

/** Whether a rule with these ports is about this port of a pod; one without ports is about all. */
function leadsTo(ports: readonly PolicyPort[], target: number | string): boolean {
  if (ports.length === 0) return true;
  return ports.some(({ protocol = 'TCP', port, endPort }) => {
    if (protocol !== 'TCP') return false;
    if (port === undefined || port === null || port === target) return true;
    return typeof port === 'number' && typeof target === 'number' && target >= port && target <= (endPort ?? port);
  });
}

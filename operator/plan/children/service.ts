import { isForHubs } from '../../api/hub.ts';
import type { Json } from '../../api/kubernetes/json.ts';
import { services } from '../../api/kubernetes/resource.ts';
import { stationSelector } from '../../api/labels.ts';
import { podsServiceName, stationName } from '../../api/names.ts';
import type { Intent } from '../../model/intent.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { childIntent } from './intent.ts';
import { parentOf } from './parent.ts';
import { portsNow } from './servicePorts.ts';

/**
 * The Service in front of a station: it leads to all pods, in all zones, or to the hubs. Undefined while there is no
 * port to serve.
 */
export function serviceIntent(snapshot: Snapshot): Intent | undefined {
  const { kitchen, station } = snapshot.station.spec;
  const ports = portsNow(snapshot);
  if (ports.length === 0) return undefined;
  // kube-proxy goes by the hints of the slices alone, and some other data planes by this field.
  const leads = leadsToHubs(snapshot)
    ? { trafficDistribution: 'PreferSameNode' }
    : { selector: stationSelector(kitchen, station) };
  return childIntent(parentOf(snapshot), {
    resource: services,
    name: stationName(kitchen, station),
    live: snapshot.service,
    spec: { ...leads, ports: ports as unknown as Json },
  });
}

/**
 * Whether the station's Service leads to the hubs: it has no selector then, and slices of ours list them. Never while no
 * hub is listed, or nothing else would select the pods: whatever happens to the hubs, the pods are reached.
 */
export function leadsToHubs(snapshot: Snapshot): boolean {
  const { hub } = snapshot;
  return asksForHubs(snapshot) && hub !== undefined && hub.listed > 0 && hub.podsService.state === 'ours';
}

/** Whether all new connections go through the hubs: the station's Service leads there and selects no pod any more. */
export function isBehindHubs(snapshot: Snapshot): boolean {
  const { service } = snapshot;
  return leadsToHubs(snapshot) && service.state === 'ours' && service.selects !== true;
}

/** Whether the station is to be served through hubs, and nothing speaks against it. */
export function asksForHubs({ station, hub }: Pick<Snapshot, 'station' | 'hub'>): boolean {
  return isForHubs(station.spec) && hub?.conflict === undefined;
}

/** The headless Service that selects the pods while the station's own leads to the hubs; undefined where none does. */
export function podsServiceIntent(snapshot: Snapshot): Intent | undefined {
  const { kitchen, station } = snapshot.station.spec;
  const { hub } = snapshot;
  const ports = portsNow(snapshot);
  if (hub === undefined || ports.length === 0 || !asksForHubs(snapshot)) return undefined;
  return childIntent(parentOf(snapshot), {
    resource: services,
    name: podsServiceName(kitchen, station),
    live: hub.podsService,
    spec: { clusterIP: 'None', selector: stationSelector(kitchen, station), ports: ports as unknown as Json },
  });
}

import { services } from '../../api/kubernetes/resource.ts';
import { parentOf } from './parent.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Json } from '../../api/kubernetes/json.ts';
import type { Intent } from '../../model/intent.ts';
import { childIntent } from './intent.ts';
import { portsNow } from './servicePorts.ts';
import { stationName } from '../../api/names.ts';
import { stationSelector } from '../../api/labels.ts';

/** The Service in front of all pods of a station, in all zones; undefined while there is no port to serve. */
export function serviceIntent(snapshot: Snapshot): Intent | undefined {
  const { kitchen, station } = snapshot.station.spec;
  const ports = portsNow(snapshot);
  if (ports.length === 0) return undefined;
  return childIntent(parentOf(snapshot), {
    resource: services,
    name: stationName(kitchen, station),
    live: snapshot.service,
    spec: { selector: stationSelector(kitchen, station), ports: ports as unknown as Json },
  });
}

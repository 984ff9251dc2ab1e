/*
 * Wave: waits before it makes good what a zone's lost nodes held, because the whole zone may be dying.
 *
 * The nodes of a dying zone are lost one after another: their Leases were renewed at different moments of the same 10
 * s, and Kubernetes looks at them every 5 s. Under load, Kubernetes needs a minute and more, because it tells all pods
 * of some nodes before it looks at the others (zoneDoubt.ts). If the pods of the first lost node were replaced at once,
 * most replacements would land on nodes that are about to be lost.
 *
 *   wait until the newest loss in the zone is 6 s old, where the loss of a zone is declared and not spent, and demand is met
 *   90 s old instead, while that zone is in doubt
 *   without a declaration: 6 s old while the zone is in doubt by its Leases, 90 s old while Leases do not tell
 *
 * Hard part: when no other node is lost, the zone stays, and its lost pods must be made good. When the zone goes,
 * nothing has to be made where its loss is declared, and other zones make it where it is not.
 *
 * Example: zone-a has 3 nodes. They are lost at 0 s, 5 s and 8 s. No pod is made for them.
 */
import { surePods } from '../../../model/pod.ts';
import { podsOf } from '../../../model/snapshot.ts';
import type { Snapshot } from '../../../model/snapshot.ts';
import { isOut } from '../../../model/zone.ts';
import type { ZoneView } from '../../../model/zone.ts';

/** If another node of the zone is lost, it is within this time: Kubernetes looks at the Leases once, and a little more. */
export const WAVE_MS = 6_000;
/** Longer than Kubernetes was seen to take from the first nodes of a zone to its last ones (63 s). */
export const DOUBT_MS = 90_000;

/** How many ms until the pods of the zone's lost nodes are made good; 0: they are made good now. */
export function waveLeftMs(zone: ZoneView, { station, zones }: Snapshot): number {
  const { survive, replicas: demand } = station.spec;
  const spent = zones.filter(({ declared, state }) => declared && (isOut({ state }) || state === 'returning')).length;
  const sure = surePods(podsOf({ zones })).length;
  if (!zone.declared || sure < demand) return 0;
  const { down, count, downMs } = zone.nodes;
  return down === count ? 0 : Math.max(0, longestMs(zone, survive.zones > spent) - downMs);
}

function longestMs({ doubt }: ZoneView, isCovered: boolean): number {
  if (doubt === 'untold' || (doubt === 'overdue' && isCovered)) return DOUBT_MS;
  return doubt === 'overdue' || isCovered ? WAVE_MS : 0;
}

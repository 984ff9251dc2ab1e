/*
 * The nodes of a dying zone are lost one after another: their Leases were renewed at different moments of the same 10 s, and
 * are looked at every 5 s. Who replaces the pods of the first at once makes pods that nobody needs, most of them on nodes
 * about to be lost. So where the loss of a zone is declared and not spent, and demand is met, what a zone's lost nodes held
 * is not made good before the newest of these losses is 6 s old. If the zone goes, nothing has to be made.
 */
import { surePods } from '../model/pod.ts';
import { podsOf } from '../model/snapshot.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { ZoneView } from '../model/zone.ts';

/** Another node of the zone is lost within this, or none is for now: one look of Kubernetes' at its Leases, and some. */
export const WAVE_MS = 6_000;

/** How long what the zone's lost nodes held is not made good yet, in ms; 0: it is now. */
export function waveLeftMs(zone: ZoneView, { station, zones }: Snapshot): number {
  const { survive, replicas: demand } = station.spec;
  const spent = zones.filter(({ declared, state }) => declared && (state === 'lost' || state === 'returning')).length;
  const sure = surePods(podsOf({ zones })).length;
  if (!zone.declared || survive.zones <= spent || sure < demand) return 0;
  const lostMs = zone.nodes.flatMap(({ state, stateMs }) => (state === 'lost' || state === 'suspect' ? [stateMs] : []));
  return lostMs.length === zone.nodes.length ? 0 : Math.max(0, WAVE_MS - Math.min(...lostMs));
}

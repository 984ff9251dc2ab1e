/*
 * Lead: keeps the Services that lead to a station.
 *
 * A station behind hubs has two: its own, without selector, whose slices list the hubs, and a headless one that selects
 * the pods. The order in which a live Service changes over loses no request: first the slices that list the hubs, then
 * the selector goes. And back: first the selector, and the slices go last (hub/slices does both).
 *
 * Example: a Kitchen gets `hub: {}`. The headless Service comes at once. When slices list a hub for every port, the
 * station's Service is applied without selector.
 */
import type { Child, ChildView, ServiceView } from '../../../model/child.ts';
import type { Intent } from '../../../model/intent.ts';
import type { Step } from '../../../model/plan.ts';
import type { Snapshot } from '../../../model/snapshot.ts';
import { isHeld } from '../../children/intent.ts';
import { asksForHubs, leadsToHubs, podsServiceIntent, serviceIntent } from '../../children/service.ts';
import { ours } from '../picture.ts';

export function leadSteps(snapshot: Snapshot): readonly Step[] {
  const { station, service, hub } = snapshot;
  if (station.spec.ports.length === 0) {
    return [service, hub?.podsService].flatMap((child) => pruned(child, 'the station has no ports any more'));
  }
  const ports = station.spec.ports.map(({ port }) => port).join(', ');
  const to = leadsToHubs(snapshot) ? 'through the hubs' : 'from the pods of all zones';
  return [
    ...applied(
      hub?.podsService,
      podsServiceIntent(snapshot),
      `selects the pods for the hubs, which serve port ${ports}`,
    ),
    ...applied(service, serviceIntent(snapshot), `serves port ${ports} ${to}`),
    ...dropSelector(snapshot),
    ...endOfHubs(snapshot),
  ];
}

function applied(child: Child<ServiceView> | undefined, intent: Intent | undefined, why: string): readonly Step[] {
  if (child === undefined || intent === undefined || child.state === 'taken' || child.state === 'deleting') return [];
  const live = ours(child);
  return live !== undefined && isHeld(live, intent) ? [] : [{ kind: 'applyService', intent, why }];
}

/** Another manager owns the selector too: an apply that leaves it out does not take it away. */
function dropSelector(snapshot: Snapshot): readonly Step[] {
  const live = ours(snapshot.service);
  const intent = serviceIntent(snapshot);
  if (live?.selects !== true || intent === undefined || !leadsToHubs(snapshot) || !isHeld(live, intent)) return [];
  const { name, uid, resourceVersion } = live;
  return [{ kind: 'dropSelector', name, uid, resourceVersion, why: 'the Service leads to the hubs' }];
}

/** The headless Service goes when nothing leads to the hubs any more. */
function endOfHubs(snapshot: Snapshot): readonly Step[] {
  const { service, hub } = snapshot;
  if (hub === undefined || asksForHubs(snapshot) || hub.slices > 0 || ours(service)?.selects !== true) return [];
  return pruned(hub.podsService, 'the station is not behind hubs any more');
}

function pruned(child: Child<ChildView> | undefined, why: string): readonly Step[] {
  if (child?.state !== 'ours') return [];
  const { name, uid, resourceVersion } = child;
  return [{ kind: 'pruneService', name, uid, resourceVersion, why }];
}

/*
 * Closing: makes no new pod in a zone whose nodes are all about to go, although one of them still takes pods.
 *
 *   R_z = 0
 *
 * A leaving node still takes our pods when the template tolerates the taint that keeps other pods away, or when only a
 * condition says that it leaves. A pod made there would have to leave again. So the other zones make the zone's pods
 * good, and no waiting pod is kept there to find out when there is room again. When every zone is closing, each keeps
 * its share, and only lost pods are made good.
 *
 * Hard part: a zone in which no node takes pods is not closing. Its pods wait for a new node, and it is a full zone.
 *
 * Example: both nodes of zone-a get a condition that announces their end, and no taint. The scheduler still places pods
 * there. The 3 pods of zone-a are made good in zone-b and zone-c.
 */
import { LEAVING_MS } from './owed.ts';
import type { NodeView, ZoneView } from '../../../model/zone.ts';

/** Whether new pods could only go to nodes of the zone that have been about to go for long enough. */
export function isClosing(zone: Pick<ZoneView, 'nodes'>): boolean {
  return mayClose(zone) && zone.nodes.open.some(takesPods);
}

/**
 * Whether the zone may soon be closing, for however short a time its nodes have been leaving: a cordon may be taken
 * back at once.
 */
export function mayClose({ nodes }: Pick<ZoneView, 'nodes'>): boolean {
  return nodes.open.length > 0 && nodes.healthy === 0;
}

/** The node has been leaving for long enough, and the scheduler still places pods of ours there. */
export function takesPods({ state, stateMs, isOpen }: NodeView): boolean {
  return state === 'leaving' && stateMs >= LEAVING_MS && isOpen === true;
}

/*
 * Closing: a zone none of whose nodes will stay, while one of them still takes pods of ours, since the template tolerates what
 * keeps others away, or nothing does. A pod made there for one that leaves would have to leave as well, so none is: the zone is
 * to have none, the other zones make its pods good, and none is kept there to tell when there is room again. Where every zone
 * is closing, they keep their shares, and only pods that were lost are made good. A zone none of whose nodes takes pods is not
 * closing: its pods wait for a new node, and it is full.
 */
import { LEAVING_MS } from './owed.ts';
import type { NodeView, ZoneView } from '../model/zone.ts';

/** Whether new pods could only go to nodes of the zone that are about to go, and have been for long enough. */
export function isClosing(zone: Pick<ZoneView, 'nodes'>): boolean {
  return mayClose(zone) && zone.nodes.some(takesPods);
}

/** The same whether or not it is for long enough: a cordon may be taken back at once. */
export function mayClose({ nodes }: Pick<ZoneView, 'nodes'>): boolean {
  return nodes.some(({ isOpen }) => isOpen === true) && nodes.every(({ state }) => state !== 'healthy');
}

/** It has been leaving for long enough, and the scheduler still sends pods of ours there. */
export function takesPods({ state, stateMs, isOpen }: NodeView): boolean {
  return state === 'leaving' && stateMs >= LEAVING_MS && isOpen === true;
}

/*
 * Closing: a zone none of whose nodes will stay, while one of them still takes pods of ours, since the template tolerates what
 * keeps others away, or nothing does. A pod made there would have to leave as well. So the zone is to have none: its pods
 * are owed, the other zones make them good, and none is kept there to tell when there is room again. With room on no node,
 * pods wait for a new one instead, and the zone is full.
 */
import { LEAVING_MS } from './owed.ts';
import type { NodeView, ZoneView } from '../observe/snapshot.ts';

/** Whether new pods could only go to nodes of the zone that are about to go. */
export function isClosing({ nodes }: Pick<ZoneView, 'nodes'>): boolean {
  return nodes.some(takesPods) && nodes.every((node) => isDown(node) || isGoing(node));
}

/** It has been leaving for long enough, and the scheduler still sends pods of ours there. */
export function takesPods(node: NodeView): boolean {
  return isGoing(node) && node.isOpen === true;
}

function isGoing({ state, stateMs }: NodeView): boolean {
  return state === 'leaving' && stateMs >= LEAVING_MS;
}

function isDown({ state }: NodeView): boolean {
  return state === 'lost' || state === 'suspect';
}

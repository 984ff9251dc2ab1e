/*
 * A node that is about to go and still takes pods of ours, by a toleration or since nothing closes it: each pod that lands there
 * is lost with it, or evicted again. Nothing of ours keeps pods off it: an affinity would be a change of the template, which
 * replaces every pod, and a taint is its owner's to set. So people are told.
 */
import type { Picture, ZonePicture } from '../picture.ts';
import { isClosing, takesPods } from '../closing.ts';
import type { Problem } from '../plan.ts';
import { count } from '../picture.ts';

/** Leaving nodes to which pods of ours went, or can only go, each with the cure. */
export function leavingNodesTakePods({ zones }: Picture): readonly Problem[] {
  return zones.flatMap(nodesThatTake).map(({ node, came }) => {
    const pods = came === 0 ? 'its zone has no other node' : `${count(came, 'pod')} came there since`;
    const message = `${node} is leaving and still takes pods (${pods}): cordon it, or narrow the toleration that lets them in`;
    return { kind: 'LeavingNodeTakesPods', message, reason: 'StillSchedulable' };
  });
}

function nodesThatTake({
  alive,
  view,
  held,
}: ZonePicture): readonly { readonly node: string; readonly came: number }[] {
  if (held) return [];
  const open = view.nodes.filter(takesPods);
  const counted = open.map(({ name }) => {
    const later = alive.filter(({ node }) => node?.name === name && !node.leavesWithIt);
    return { node: name, came: later.length };
  });
  return isClosing(view) && alive.length > 0 ? counted : counted.filter(({ came }) => came > 0);
}

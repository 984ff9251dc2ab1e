/*
 * A node that is about to go and still takes pods of ours, by a toleration or since nothing closes it: each pod that lands there
 * is lost with it, or evicted again. Nothing of ours keeps pods off it: an affinity would be a change of the template, which
 * replaces every pod, and a taint is its owner's to set. So people are told.
 */
import type { Picture, ZonePicture } from '../picture.ts';
import { isClosing, takesPods } from '../closing.ts';
import type { Problem } from '../../model/plan.ts';
import { count } from '../picture.ts';

/** Leaving nodes to which pods of ours went, or can only go, and the cure. */
export function leavingNodesTakePods({ zones }: Picture): readonly Problem[] {
  const found = zones.flatMap(nodesThatTake);
  if (found.length === 0) return [];
  const nodes = found.map(({ node }) => node).join(', ');
  const came = found.reduce((sum, each) => sum + each.came, 0);
  const why = came === 0 ? 'their zone has no other node' : `${count(came, 'pod')} came there since`;
  const message = `pods still go to ${nodes}, about to be taken away (${why}): cordon the nodes, or narrow the toleration that lets pods in`;
  return [{ kind: 'LeavingNodeTakesPods', message, reason: 'StillSchedulable' }];
}

interface Taking {
  readonly node: string;
  /** Pods that came since it began to leave. */
  readonly came: number;
}

function nodesThatTake({ alive, view, held }: ZonePicture): readonly Taking[] {
  if (held) return [];
  const taking = view.nodes.filter(takesPods).map(({ name }) => {
    const later = alive.filter(({ node }) => node?.name === name && !node.leavesWithIt);
    return { node: name, came: later.length };
  });
  return isClosing(view) && alive.length > 0 ? taking : taking.filter(({ came }) => came > 0);
}

/*
 * Leaving nodes: tells about nodes that are about to go and still take pods of ours, because of a toleration or because
 * nothing closes them.
 *
 * Each pod that lands there is lost with the node, or evicted again.
 *
 * Hard part: the operator cannot keep pods off. An affinity would change the template, which replaces every pod, and a
 * taint is for the node's owner to set.
 *
 * Example: a condition announces the end of node a-1, and no taint closes it. 2 pods came there since. The message
 * names a-1 and says to cordon it.
 */
import type { Picture, ZonePicture } from '../picture.ts';
import { isClosing, takesPods } from '../rules/closing.ts';
import type { Problem } from '../../../model/plan.ts';
import { count } from '../../../model/words.ts';

/** Leaving nodes to which pods of ours came, or can only come, and the cure. */
export function leavingNodesTakePods({ zones }: Picture): readonly Problem[] {
  const found = zones.flatMap(nodesThatTake);
  if (found.length === 0) return [];
  const nodes = found.map(({ node }) => node).join(', ');
  const came = found.reduce((sum, each) => sum + each.came, 0);
  const why = came === 0 ? 'their zone has no other node' : `${count(came, 'pod')} came there since`;
  const message = `pods still go to nodes that are about to go: ${nodes} (${why}); cordon the nodes, or narrow the toleration that lets pods in`;
  return [{ kind: 'LeavingNodeTakesPods', message, reason: 'StillSchedulable' }];
}

interface Taking {
  readonly node: string;
  /** How many pods came since it began to leave. */
  readonly came: number;
}

function nodesThatTake({ alive, view, frozen }: ZonePicture): readonly Taking[] {
  if (frozen) return [];
  const { open, carrying } = view.nodes;
  const names = new Set([...open, ...carrying].filter(takesPods).map(({ name }) => name));
  const taking = [...names].map((name) => {
    const later = alive.filter(({ node }) => node?.name === name && !node.leavesWithIt);
    return { node: name, came: later.length };
  });
  return isClosing(view) && alive.length > 0 ? taking : taking.filter(({ came }) => came > 0);
}

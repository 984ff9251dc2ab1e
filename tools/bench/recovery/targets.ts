import { subjects } from './subjects.ts';
import type { Tally } from './tally.ts';

/**
 * Chooses `count` nodes of one zone, in order. Their loss must hurt every subject; among such nodes it takes those that
 * hurt all subjects as equally as possible. `only` names the zone; without it, any zone may be chosen.
 */
export function mostHurtful(tally: Tally, count: number, only?: string): readonly string[] {
  const loads = subjects.map((subject) => tally.byNode(subject));
  const choices = [...tally.zones()]
    .filter(([zone]) => only === undefined || zone === only)
    .flatMap(([, nodes]) => choose(nodes, count));
  const hurt = (nodes: readonly string[]): readonly [number, number] => {
    const lost = loads.map((load) => nodes.reduce((sum, node) => sum + (load.get(node) ?? 0), 0));
    return [Math.min(...lost), Math.max(...lost)];
  };
  const best = choices
    .map((nodes) => ({ nodes, hurt: hurt(nodes) }))
    .toSorted((a, b) => b.hurt[0] - a.hurt[0] || a.hurt[1] - b.hurt[1])[0];
  if (best === undefined) throw new Error(`no zone has ${count} nodes`);
  return best.nodes;
}

/** All ways to choose `count` of them. Each keeps their order. */
function choose(from: readonly string[], count: number): readonly (readonly string[])[] {
  if (count === 0) return [[]];
  return from.flatMap((first, index) => choose(from.slice(index + 1), count - 1).map((rest) => [first, ...rest]));
}

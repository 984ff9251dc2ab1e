import type { ZoneName } from '../../api/zone.ts';
import type { ObservedNode } from '../nodes/nodes.ts';
import type { ZoneSighting } from './zoneSighting.ts';
import type { AgeOf } from './zoneStay.ts';

/** Of a zone without pods, this many nodes are remembered, to find them again under another zone's label. */
const REMEMBERED_NODES = 3;

/** `left`: zones of the sticky set whose nodes now carry the labels of other zones. `heirs`: those other zones. */
export interface Moves {
  readonly left: ReadonlySet<ZoneName>;
  readonly heirs: ReadonlySet<ZoneName>;
  /** Facts that remember the nodes of zones without pods. */
  readonly facts: readonly string[];
}

/**
 * Finds the zones that have moved: a zone has no node any more, and the nodes that carry its pods are in other zones.
 * For a zone without pods its remembered nodes decide.
 */
export function movesOf(sightings: readonly ZoneSighting[], before: AgeOf): Moves {
  const left = new Set<ZoneName>();
  const heirs = new Set<ZoneName>();
  const facts: string[] = [];
  for (const sighting of sightings.filter(({ standing }) => standing === 'known')) {
    const found = foundAgain(sighting, sightings, before);
    const to = sighting.nodes.length > 0 ? [] : [...sighting.movedTo, ...found.map(({ name }) => name)];
    if (to.length > 0) left.add(sighting.name);
    for (const zone of to) heirs.add(zone);
    const nodes = sighting.nodes.length > 0 ? unused(sighting) : found.flatMap((each) => each.nodes);
    facts.push(...nodes.map((node) => nodeFact(sighting, node)));
  }
  return { left, heirs, facts };
}

/** The zones that now have remembered nodes of this one, and these nodes. */
function foundAgain(
  sighting: ZoneSighting,
  sightings: readonly ZoneSighting[],
  before: AgeOf,
): readonly { readonly name: ZoneName; readonly nodes: readonly ObservedNode[] }[] {
  if (sighting.nodes.length > 0) return [];
  return sightings
    .map(({ name, nodes }) => ({ name, nodes: nodes.filter((node) => before(nodeFact(sighting, node)) !== undefined) }))
    .filter(({ nodes }) => nodes.length > 0);
}

function unused({ nodes, carrying }: ZoneSighting): readonly ObservedNode[] {
  return carrying.length > 0 ? [] : nodes.slice(0, REMEMBERED_NODES);
}

function nodeFact({ name }: ZoneSighting, { object }: ObservedNode): string {
  return `node ${object.uid} of ${name}`;
}

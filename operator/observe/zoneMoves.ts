import type { ZoneName } from '../api/zone.ts';
import type { ObservedNode } from './nodes.ts';
import type { ZoneSighting } from './zoneSighting.ts';
import type { AgeOf } from './zoneStay.ts';

/** So many nodes of a zone without pods are remembered, to be known again under another zone's label. */
const REMEMBERED_NODES = 3;

/** Zones of the sticky set whose nodes are in other zones by now, and those others. */
export interface Moves {
  readonly left: ReadonlySet<ZoneName>;
  readonly heirs: ReadonlySet<ZoneName>;
  /** Facts by which zones without pods are found again. */
  readonly facts: readonly string[];
}

/** A zone has moved when it has no node any more, and other zones have those that carry its pods or, without any, those remembered. */
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

/** Zones that have remembered nodes of this one, and which. */
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

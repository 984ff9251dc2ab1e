import type { ZoneName } from '../../api/zone.ts';
import type { ZoneSighting } from './zoneSighting.ts';

/** `left`: zones of the sticky set whose nodes now carry the labels of other zones. `heirs`: those other zones. */
export interface Moves {
  readonly left: ReadonlySet<ZoneName>;
  readonly heirs: ReadonlySet<ZoneName>;
}

/**
 * Finds the zones that have moved: a zone has no node any more, and the nodes that carry its pods are in other zones.
 * For a zone without pods the nodes decide that were the last to leave it.
 */
export function movesOf(sightings: readonly ZoneSighting[]): Moves {
  const left = new Set<ZoneName>();
  const heirs = new Set<ZoneName>();
  for (const sighting of sightings.filter(({ standing, nodes }) => standing === 'known' && nodes.count === 0)) {
    const to = [...sighting.movedTo, ...zonesOfLastNodes(sighting, sightings)];
    if (to.length > 0) left.add(sighting.name);
    for (const zone of to) heirs.add(zone);
  }
  return { left, heirs };
}

/** The zones that now have one of the nodes that were the last in this one. */
function zonesOfLastNodes({ lastNodes }: ZoneSighting, sightings: readonly ZoneSighting[]): readonly ZoneName[] {
  const isIn = ({ nodes }: ZoneSighting): boolean =>
    lastNodes.some(({ object }) => nodes.get(object.name)?.object.uid === object.uid);
  return sightings.filter(isIn).map(({ name }) => name);
}

/*
 * Bring home: lets a zone's misplaced pods go once enough other pods are sure.
 *
 *   Σ sure without the misplaced pods, in whichever zone ≥ max(R, D)
 *
 * They go as in a hand over: they are marked, the budget sets them apart, and the zone's count is lowered by their
 * number. It is also lowered by the number of the zone's pods that are not Ready, because the ReplicaSet deletes those
 * first.
 *
 * Hard part: a misplaced pod counts for the zone where it runs. The guard judges the shrink by that zone.
 *
 * Example: zone-a has 3 pods, and the label of the node of one of them is changed to zone-b. zone-a grows to 4. When
 * the new pod is sure, the misplaced one is marked and deleted, and zone-a is told to have 3 again.
 */
import type { Attempt, Tried } from '../attempt.ts';
import type { Picture, ZonePicture } from '../picture.ts';
import { NOTHING, waitFor } from '../attempt.ts';
import { TRUST_AT_ONCE, settlesInMs, trustedPods } from './trust.ts';
import type { PodView } from '../../../model/pod.ts';
import type { Wait } from '../../../model/plan.ts';
import { count } from '../../../model/words.ts';
import { guardRefuses } from '../guard.ts';
import { nextOfShrink } from './shrinkStep.ts';
import { showZone } from '../../../api/zone.ts';

/** The first zone whose misplaced pods may go. */
export function tryBringHome(picture: Picture): Tried {
  const zones = picture.zones.filter(({ misplaced, deployment }) => misplaced.length > 0 && deployment !== undefined);
  if (zones.length === 0) return NOTHING;
  const away = zones.flatMap(({ misplaced }) => misplaced);
  const uids = new Set(away.map(({ uid }) => uid));
  const home = trustedPods(picture, TRUST_AT_ONCE).filter(({ uid }) => !uids.has(uid)).length;
  const needed = Math.max(picture.reachableTarget, picture.demand);
  if (home < needed) {
    const why = `${home} of ${needed} may be counted on without ${whereabouts(away)}`;
    return { attempt: undefined, waits: [{ what: 'bring home', why, lookAgainMs: settlesInMs(picture, 0) }] };
  }
  const waits: Wait[] = [];
  for (const zone of zones) {
    const made = Math.min(zone.replicas, zone.alive.length);
    const going = zone.alive.filter((pod) => zone.misplaced.includes(pod) || !pod.ready).length;
    const to = Math.max(0, made - going);
    const refusal = guardRefuses(picture, { zone, to, victims: zone.misplaced, healedMs: 0 });
    if (refusal === undefined) return { attempt: bringHome(picture, zone, to), waits };
    waits.push(waitFor(`bring home to ${showZone(zone.name)}`, refusal));
  }
  return { attempt: undefined, waits };
}

/** Where a zone's pods run now: `2 pods on nodes that are in zone-b now (zone-a-1, zone-a-2)`. */
export function whereabouts(pods: readonly PodView[]): string {
  const nodes = pods.flatMap(({ node }) => node ?? []);
  const zones = new Set(nodes.flatMap(({ zone }) => (zone === undefined ? [] : [showZone(zone)])));
  const names = new Set(nodes.map(({ name }) => name));
  return `${count(pods.length, 'pod')} on nodes that are in ${[...zones].join(', ')} now (${[...names].join(', ')})`;
}

function bringHome(picture: Picture, zone: ZonePicture, to: number): Attempt {
  const name = showZone(zone.name);
  const shrinking = {
    zone,
    to,
    victims: zone.misplaced,
    what: `bring home to ${name}`,
    why: `${whereabouts(zone.misplaced)}, and ${picture.reachableTarget} may be counted on without them`,
    whyMark: `to be deleted first in ${name}: ${whereabouts(zone.misplaced)}`,
  };
  return {
    reserved: zone.misplaced,
    surge: 0,
    next: (minAvailable) => nextOfShrink(picture, shrinking, minAvailable),
  };
}

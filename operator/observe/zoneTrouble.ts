import type { ObservedNode } from './nodes.ts';
import type { ZoneState } from '../model/zone.ts';
import { isFailing, zoneState } from './zones.ts';
import type { ZoneSighting } from './zoneSighting.ts';
import type { AgeOf } from './zoneStay.ts';

/** A zone that was lost or failing gets nothing back before it has been well for this long. */
const RETURNING_MS = 120_000;

/** Facts by which a zone's troubles are remembered: `troubled` while it is lost or failing (`lost` as well), then for a while `returning`. */
export function troubleFacts(sighting: ZoneSighting, before: AgeOf): readonly string[] {
  const down = downNodes(sighting).map(downFact);
  const { lost, troubled, returning } = factsOf(sighting);
  const state = stateNow(sighting, before);
  if (state === 'failing') return [...down, troubled];
  // Nothing of ours was in a lost zone without a Deployment: there is nothing that could return.
  if (state === 'lost' && sighting.hasDeployment) return [...down, lost, troubled];
  const isBack = before(troubled) !== undefined || (before(returning) ?? Infinity) < RETURNING_MS;
  return state === 'live' && isBack ? [...down, returning] : down;
}

/** What the zone is, and after how long age alone makes it something else. */
export function stateOf(
  sighting: ZoneSighting,
  ageOf: AgeOf,
): { readonly state: ZoneState; readonly turnsInMs: readonly number[] } {
  const { returning } = factsOf(sighting);
  const returningMs = ageOf(returning);
  if (returningMs === undefined) return { state: stateNow(sighting, ageOf), turnsInMs: [] };
  return { state: 'returning', turnsInMs: [RETURNING_MS - returningMs] };
}

/**
 * What the zone is by its nodes. Those of a lost zone come back one after another: while it returns, only nodes that went down
 * since make it failing.
 */
function stateNow(sighting: ZoneSighting, ageOf: AgeOf): ZoneState {
  // Where pods of ours run on, the zone lives, whatever its nodes take.
  const state = zoneState(sighting.name, [...sighting.nodes, ...sighting.carrying], sighting.hasDeployment);
  const { lost, returning } = factsOf(sighting);
  if (state !== 'live' || ageOf(lost) !== undefined) return state;
  const backMs = ageOf(returning) ?? Infinity;
  const sinceMs = backMs < RETURNING_MS ? backMs : Infinity;
  // A node turns from suspect to lost: it went down when the first of the two began.
  const downMs = downNodes(sighting).map((node) => Math.max(node.stateMs, ageOf(downFact(node)) ?? 0));
  const newlyMs = downMs.filter((ms) => ms < sinceMs);
  return isFailing(sighting.nodes.length, newlyMs) ? 'failing' : state;
}

function downNodes({ nodes }: ZoneSighting): readonly ObservedNode[] {
  return nodes.filter(({ state }) => state === 'lost' || state === 'suspect');
}

function downFact({ object }: ObservedNode): string {
  return `down ${object.uid}`;
}

function factsOf({ name }: ZoneSighting): Readonly<Record<'lost' | 'troubled' | 'returning', string>> {
  return { lost: `lost ${name}`, troubled: `troubled ${name}`, returning: `returning ${name}` };
}

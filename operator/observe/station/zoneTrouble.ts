import type { ObservedNode } from '../nodes/nodes.ts';
import type { ZoneState } from '../../model/zone.ts';
import { isFailing, zoneStateByNodes } from './zones.ts';
import type { ZoneSighting } from './zoneSighting.ts';
import type { AgeOf } from './zoneStay.ts';

/** A zone that was lost or failing gets no pods back before it has been live for this long. */
const RETURNING_MS = 120_000;

/**
 * Facts that remember a zone's trouble: `troubled` while it is lost or failing (and `lost` while it is lost), then
 * `returning` for a while.
 */
export function troubleFacts(sighting: ZoneSighting, before: AgeOf): readonly string[] {
  const down = downNodes(sighting).map(downFact);
  const { lost, troubled, returning } = factsOf(sighting);
  const state = stateNow(sighting, before);
  if (state === 'failing') return [...down, troubled];
  // A lost zone without a Deployment had no pods of ours, so nothing can return to it.
  if (state === 'lost' && sighting.hasDeployment) return [...down, lost, troubled];
  const isBack = before(troubled) !== undefined || (before(returning) ?? Infinity) < RETURNING_MS;
  return state === 'live' && isBack ? [...down, returning] : down;
}

/** The zone's state, and after how long age alone changes it. */
export function zoneStateOf(
  sighting: ZoneSighting,
  ageOf: AgeOf,
): { readonly state: ZoneState; readonly lookAgainMs: readonly number[] } {
  const { returning } = factsOf(sighting);
  const returningMs = ageOf(returning);
  if (returningMs === undefined) return { state: stateNow(sighting, ageOf), lookAgainMs: [] };
  return { state: 'returning', lookAgainMs: [RETURNING_MS - returningMs] };
}

/**
 * The zone's state by its nodes. The nodes of a lost zone come back one after another: while it returns, those that are
 * still down do not make it failing, only nodes that went down since.
 */
function stateNow(sighting: ZoneSighting, ageOf: AgeOf): ZoneState {
  // A zone where pods of ours run is live, whether or not its nodes take more.
  const state = zoneStateByNodes(sighting.name, [...sighting.nodes, ...sighting.carrying], sighting.hasDeployment);
  const { lost, returning } = factsOf(sighting);
  if (state !== 'live' || ageOf(lost) !== undefined) return state;
  const backMs = ageOf(returning) ?? Infinity;
  const sinceMs = backMs < RETURNING_MS ? backMs : Infinity;
  // A node that goes down is suspect first and lost later: it went down when the first of the two began.
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

import type { ObservedNode } from '../nodes/nodes.ts';
import type { ZoneState } from '../../model/zone.ts';
import { zoneStateByNodes } from './zones.ts';
import type { ZoneSighting } from './zoneSighting.ts';
import type { AgeOf } from './zoneStay.ts';

/** A zone that was lost or failing gets no pods back before it has been live for this long. */
export const RETURNING_MS = 120_000;

/**
 * Facts that remember a zone's trouble: `troubled` while it is lost or failing (and `lost` while it is lost), then
 * `returning` for a while.
 */
export function troubleFacts(sighting: ZoneSighting, before: AgeOf, nowMs: number): readonly string[] {
  const { lost, troubled, returning } = factsOf(sighting);
  const state = stateNow(sighting, before, nowMs);
  if (state === 'failing') return [troubled];
  // A lost zone without a Deployment had no pods of ours, so nothing can return to it.
  if (state === 'lost' && sighting.hasDeployment) return [lost, troubled];
  const isBack = before(troubled) !== undefined || (before(returning) ?? Infinity) < RETURNING_MS;
  return state === 'live' && isBack ? [returning] : [];
}

/** The zone's state, and after how long age alone changes it. */
export function zoneStateOf(
  sighting: ZoneSighting,
  ageOf: AgeOf,
  nowMs: number,
): { readonly state: ZoneState; readonly lookAgainMs: readonly number[] } {
  const { returning } = factsOf(sighting);
  const returningMs = ageOf(returning);
  if (returningMs === undefined) return { state: stateNow(sighting, ageOf, nowMs), lookAgainMs: [] };
  return { state: 'returning', lookAgainMs: [RETURNING_MS - returningMs] };
}

/**
 * The zone's state by its nodes. The nodes of a lost zone come back one after another: while it returns, those that are
 * still down do not make it failing, only nodes that went down since.
 */
function stateNow(sighting: ZoneSighting, ageOf: AgeOf, nowMs: number): ZoneState {
  const { name, nodes, carrying, hasDeployment } = sighting;
  // A zone where pods of ours run is live, whether or not its nodes take more.
  const live = nodes.healthy + nodes.leaving > 0 || carrying.some(isLive);
  const state = zoneStateByNodes(name, { some: nodes.count + carrying.length > 0, live }, hasDeployment);
  const { lost, returning } = factsOf(sighting);
  if (state !== 'live' || ageOf(lost) !== undefined) return state;
  const backMs = ageOf(returning) ?? Infinity;
  const sinceMs = backMs < RETURNING_MS ? backMs : Infinity;
  const failingMs = nowMs - (nodes.failingSinceMs() ?? Infinity);
  return failingMs >= 0 && failingMs < sinceMs ? 'failing' : state;
}

function isLive({ state }: ObservedNode): boolean {
  return state === 'healthy' || state === 'leaving';
}

function factsOf({ name }: ZoneSighting): Readonly<Record<'lost' | 'troubled' | 'returning', string>> {
  return { lost: `lost ${name}`, troubled: `troubled ${name}`, returning: `returning ${name}` };
}

/*
 * Roll out a new template to one zone, complete there, then the next. It waits while a zone is lost and while owed pods
 * are being replaced, not for a surplus that the guard refuses to let go; a zone with pods that find no room is not
 * begun. The budget sets ⌈maxSurge · r_z⌉ apart before the template is written and for as long as the zone rolls: not
 * "surge pods that exist", since a crash right after the write would let an eviction and a delete of the rollout both
 * through.
 */
import type { Attempt, Tried } from './attempt.ts';
import type { Picture, ZonePicture } from './picture.ts';
import { deploymentIntent, runsNewestTemplate } from './children/deployment.ts';
import { count, ours } from './picture.ts';
import { NOTHING } from './attempt.ts';
import type { Wait } from './plan.ts';
import { inFlight } from './guard.ts';
import { showZone } from '../api/zone.ts';

/** A pod that has found no node for this long does not count as surge that may still come. */
const NO_ROOM_MS = 15_000;

/** The next zone that gets the new template. */
export function tryRollOut(picture: Picture): Tried {
  const outdated = outdatedZones(picture);
  if (outdated.length === 0) return NOTHING;
  const refused = picture.snapshot.templateRefused;
  if (refused !== undefined) {
    return { attempt: undefined, waits: [{ ...rolloutWait(outdated, refused.message), lookAgainMs: refused.retryMs }] };
  }
  const held = heldBack(picture);
  if (held !== undefined) return { attempt: undefined, waits: [rolloutWait(outdated, held)] };
  const zone = outdated.find((each) => !each.alive.some((pod) => pod.unschedulable !== undefined));
  if (zone === undefined) {
    return { attempt: undefined, waits: [rolloutWait(outdated, 'each of these zones has pods that find no room')] };
  }
  return { attempt: rollOut(picture, zone, outdated), waits: [] };
}

/** Zones that the newest template has yet to go to. */
export function outdatedZones({ snapshot, zones }: Picture): readonly ZonePicture[] {
  return zones.filter(
    ({ deployment, view }) => view.declared && deployment !== undefined && !runsNewestTemplate(snapshot, deployment),
  );
}

/** Pods that the budget sets apart for rollouts that are under way. */
export function surgeUnderWay(zones: readonly ZonePicture[]): number {
  const rolling = zones.filter((zone) => zone.rolling && zone.view.state !== 'lost');
  return rolling.reduce((sum, zone) => sum + Math.max(0, surgeOf(zone) - withoutRoom(zone)), 0);
}

/** ⌈maxSurge · r⌉ pods of a zone. */
export function surgeOf({ deployment, replicas }: ZonePicture): number {
  const maxSurge = deployment?.maxSurge ?? 0;
  if (typeof maxSurge === 'number') return maxSurge;
  return Math.ceil((Number.parseFloat(maxSurge) / 100) * replicas);
}

function heldBack(picture: Picture): string | undefined {
  for (const zone of picture.zones) {
    const name = showZone(zone.name);
    if (zone.view.declared && zone.view.state === 'lost') return `${name} is lost`;
    if (zone.owed.length > 0) return `${count(zone.owed.length, 'pod')} in ${name} are being replaced`;
    const flying = zone.deployment === undefined ? undefined : inFlight(zone);
    if (flying !== undefined) return flying;
  }
  return undefined;
}

function rollOut(picture: Picture, zone: ZonePicture, outdated: readonly ZonePicture[]): Attempt {
  return {
    reserved: [],
    surge: surgeOf(zone),
    next: (minAvailable) => {
      const budget = ours(picture.snapshot.budget);
      const seen = budget !== undefined && budget.observedGeneration >= budget.generation;
      if (!seen || (budget.minAvailable ?? 0) < minAvailable) {
        return rolloutWait(outdated, 'the budget has yet to set the surge apart');
      }
      const intent = deploymentIntent(picture.snapshot, zone.view, { replicas: zone.replicas, template: 'newest' });
      const others = outdated.length - 1;
      const why = `its template is not the newest; ${others === 0 ? 'it is the last zone' : `${count(others, 'zone')} to follow`}`;
      return { kind: 'rollOut', zone: zone.name, intent, from: zone.replicas, to: zone.replicas, why };
    },
  };
}

function rolloutWait(outdated: readonly ZonePicture[], why: string): Wait {
  return { what: `roll out to ${outdated.map((zone) => showZone(zone.name)).join(', ')}`, why, lookAgainMs: undefined };
}

function withoutRoom(zone: ZonePicture): number {
  return zone.alive.filter((pod) => (pod.unschedulable?.ageMs ?? 0) >= NO_ROOM_MS).length;
}

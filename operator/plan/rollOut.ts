/*
 * Roll out a new template to one zone, complete there, then the next. It waits while a zone is lost, failing or just back
 * and while owed pods are being replaced, not for a surplus that the guard refuses to let go, nor for a zone whose new
 * pods find no room; a zone with pods that find no room is not begun. Where no node fits the new template, one zone alone
 * begins, since an autoscaler makes nodes only for pods that wait for them; the others wait until they have come. A zone in the middle of a rollout gets a still newer
 * template at once, and one that failed goes nowhere. The budget sets ⌈maxSurge · r_z⌉ apart before the template is
 * written and for as long as the zone rolls: not "surge pods that exist", since a crash right after the write would let an
 * eviction and a delete of the rollout both through.
 */
import type { Attempt, Tried } from './attempt.ts';
import type { Picture, ZonePicture } from './picture.ts';
import type { ZoneState } from '../observe/snapshot.ts';
import { deploymentIntent, runsNewestTemplate } from './children/deployment.ts';
import { failedTemplate, goodToNote } from './failedRollout.ts';
import { isStuckForRoom, notMade, surgeOf, withoutRoom } from './room.ts';
import { count, ours } from './picture.ts';
import { NOTHING } from './attempt.ts';
import type { Wait } from './plan.ts';
import { awaitsNodes, fittingFirst, isCured } from './unfit.ts';
import { inFlight } from './guard.ts';
import { onlyIf } from './children/intent.ts';
import { showZone } from '../api/zone.ts';

/** The next zone that gets the new template. */
export function tryRollOut(picture: Picture): Tried {
  const outdated = outdatedZones(picture);
  if (outdated.length === 0) return NOTHING;
  const refused = picture.snapshot.templateRefused;
  if (refused !== undefined) {
    return { attempt: undefined, waits: [{ ...rolloutWait(outdated, refused.message), lookAgainMs: refused.retryMs }] };
  }
  const failed = failedTemplate(picture);
  if (failed !== undefined) {
    const why = `it failed in ${showZone(failed.in.name)} (${failed.failure.words}): it is tried again when the template changes`;
    return { attempt: undefined, waits: [rolloutWait(outdated, why)] };
  }
  const superseded = outdated.find(isSuperseded);
  if (superseded !== undefined) return { attempt: rollOut(picture, superseded, outdated), waits: [] };
  const held = heldBack(picture);
  if (held !== undefined) return { attempt: undefined, waits: [rolloutWait(outdated, held)] };
  const open = fittingFirst(outdated);
  if (open.length === 0) {
    return { attempt: undefined, waits: [rolloutWait(outdated, 'it names other zones: these are left after 10 min')] };
  }
  const zone = open.find((each) => isCured(each) || !each.alive.some((pod) => pod.unschedulable !== undefined));
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
  return zones.reduce((sum, zone) => sum + surgeSetApart(zone), 0);
}

/** Surge that may still come, or is there: none for what finds no room. */
function surgeSetApart(zone: ZonePicture): number {
  if (!zone.rolling || zone.view.state === 'lost') return 0;
  const surge = surgeOf(zone);
  return Math.max(0, surge - withoutRoom(zone).length - notMade(zone, surge));
}

/** It is in the middle of a rollout of what is not the newest any more. */
function isSuperseded({ rolling, view, deployment }: ZonePicture): boolean {
  const isSeen = deployment !== undefined && deployment.observedGeneration >= deployment.generation;
  return rolling && isSeen && view.state !== 'lost';
}

const unsteadyStates: Readonly<Partial<Record<ZoneState, string>>> = {
  lost: 'is lost',
  failing: 'is failing',
  returning: 'has only just come back',
};

function heldBack(picture: Picture): string | undefined {
  for (const zone of picture.zones) {
    const name = showZone(zone.name);
    const unsteady = zone.view.declared ? unsteadyStates[zone.view.state] : undefined;
    if (unsteady !== undefined) return `${name} ${unsteady}`;
    const awaited = awaitsNodes(picture, zone);
    if (awaited !== undefined) return awaited;
    if (zone.owed.length > 0 && !isCured(zone))
      return `${count(zone.owed.length, 'pod')} in ${name} are being replaced`;
    if (zone.deployment === undefined || isStuckForRoom(zone)) continue;
    const flying = inFlight(zone);
    if (flying !== undefined) return flying;
  }
  return undefined;
}

function rollOut(picture: Picture, zone: ZonePicture, outdated: readonly ZonePicture[]): Attempt {
  return {
    reserved: [],
    surge: surgeOf(zone) - surgeSetApart(zone),
    next: (minAvailable) => {
      const budget = ours(picture.snapshot.budget);
      const seen = budget !== undefined && budget.observedGeneration >= budget.generation;
      if (!seen || (budget.minAvailable ?? 0) < minAvailable) {
        return rolloutWait(outdated, 'the budget has yet to set the surge apart');
      }
      const want = { replicas: zone.replicas, template: 'newest', good: goodToNote(zone) } as const;
      const intent = onlyIf(
        zone.deployment?.resourceVersion ?? '',
        deploymentIntent(picture.snapshot, zone.view, want),
      );
      const others = outdated.length - 1;
      const follow = others === 0 ? 'it is the last zone' : `${count(others, 'zone')} to follow`;
      const { newestUnfit } = zone.view;
      const why = `its template is not the newest; ${newestUnfit === undefined ? follow : `${newestUnfit}, and one may yet come`}`;
      return { kind: 'rollOut', zone: zone.name, intent, from: zone.replicas, to: zone.replicas, why };
    },
  };
}

function rolloutWait(outdated: readonly ZonePicture[], why: string): Wait {
  return { what: `roll out to ${outdated.map((zone) => showZone(zone.name)).join(', ')}`, why, lookAgainMs: undefined };
}

/*
 * Roll out: gives a new template to one zone until it is complete there, and then to the next zone.
 *
 *   ⌈maxSurge · r_z⌉ pods are set apart in the budget before the template is written, and while the zone rolls
 *
 * It waits
 *
 * - while a zone is lost, failing or just back, or may be dying;
 * - while owed pods are being replaced, unless their replacements are strays on leaving nodes: a template that
 *   tolerates less may cure that;
 * - for a stuck zone: what is stuck in one zone would be stuck in the next;
 * - for a zone whose new pods find no room, while it has sure pods: one of these may go first (makeRoom.ts). Where it
 *   has none, as on a zone's only node during a drain, waiting would not help.
 *
 * It does not wait for a surplus that the guard does not let go.
 *
 * Some zones do not get it in their turn:
 *
 * - A zone in the middle of a rollout gets a still newer template at once.
 * - A zone with pods that find no room comes last, unless the new template asks the scheduler for something else. It
 *   gets the template only if an old pod may go first there.
 * - Where no node fits the new template, one zone alone begins, because an autoscaler makes nodes only for pods that
 *   wait for them. The others wait until such nodes have come.
 *
 * A template that failed goes to no zone. Neither does one whose pods the Service would not lead to.
 *
 * Hard part: the budget sets apart the whole surge, not just the surge pods that exist. Otherwise, after a crash right
 * after the write, an eviction and a delete of the rollout could both happen.
 *
 * Example: each of 3 zones has 3 pods. The budget sets 1 more pod apart, and zone-a gets the new template. When its 3
 * new pods are Ready and the old ones are gone, zone-b is next.
 */
import type { Attempt, Tried } from '../attempt.ts';
import type { Picture, ZonePicture } from '../picture.ts';
import { isSure } from '../../../model/pod.ts';
import type { ZoneState } from '../../../model/zone.ts';
import type { JsonObject } from '../../../api/kubernetes/json.ts';
import { asksElse } from './asks.ts';
import { deploymentIntent, runsNewestTemplate, surgeOfRollout } from '../../children/deployment.ts';
import { failedTemplate, goodToNote, isOwnFault } from './failedRollout.ts';
import { isStuckForRoom, mayLack, notMade, surgeOf, withoutRoom } from '../room.ts';
import { ours } from '../picture.ts';
import { count } from '../../../model/words.ts';
import { NOTHING } from '../attempt.ts';
import { rolloutHeldByPorts } from './portsNotServed.ts';
import type { Wait } from '../../../model/plan.ts';
import { awaitsNodes, fittingFirst, isCured } from './unfit.ts';
import { inFlight } from '../guard.ts';
import { mayNotMakeRoom } from './makeRoom.ts';
import { isStray } from './owed.ts';
import { onlyIf } from '../../children/intent.ts';
import { objectAt } from '../../children/json.ts';
import { showZone } from '../../../api/zone.ts';
import { saysStuck, stuckAt } from './stuckZone.ts';

/** The next zone that gets the new template. */
export function tryRollOut(picture: Picture): Tried {
  const outdated = outdatedZones(picture);
  if (outdated.length === 0) return NOTHING;
  const refused = picture.snapshot.templateRefused;
  if (refused !== undefined) {
    return {
      attempt: undefined,
      waits: [{ ...rolloutWait(outdated, refused.message), lookAgainMs: refused.lookAgainMs }],
    };
  }
  const failed = failedTemplate(picture);
  if (failed !== undefined) {
    const why = `it failed in ${showZone(failed.in.name)} (${failed.failure.words}): it is tried again when the template changes`;
    return { attempt: undefined, waits: [rolloutWait(outdated, why)] };
  }
  const unserved = rolloutHeldByPorts(picture);
  if (unserved !== undefined) return { attempt: undefined, waits: [rolloutWait(outdated, unserved)] };
  const superseded = outdated.find(isSuperseded);
  if (superseded !== undefined) return { attempt: rollOut(picture, superseded, outdated), waits: [] };
  const held = heldBack(picture);
  if (held !== undefined) return { attempt: undefined, waits: [rolloutWait(outdated, held)] };
  const open = fittingFirst(outdated).toSorted((a, b) => Number(isShifted(a)) - Number(isShifted(b)));
  if (open.length === 0) {
    return { attempt: undefined, waits: [rolloutWait(outdated, 'it names other zones; these leave after 10 min')] };
  }
  const zone =
    open.find((each) => mayBegin(picture, each)) ?? open.find((each) => mayNotMakeRoom(picture, each) === undefined);
  if (zone === undefined) {
    const [why] = outdated.flatMap((each) => mayNotMakeRoom(picture, each) ?? []);
    const words = `each of these zones has pods that find no room, and an old pod may not go first: ${why ?? ''}`;
    return { attempt: undefined, waits: [rolloutWait(outdated, words)] };
  }
  return { attempt: rollOut(picture, zone, outdated), waits: [] };
}

/**
 * Whether the zone's pods end as fast as they are made, and none serves. Such a zone cannot settle, and has nothing to
 * lose.
 */
function endsAll({ view, alive }: ZonePicture): boolean {
  return view.failing !== undefined && !alive.some((pod) => pod.ready);
}

/** Where pods find no room, only a template that asks the scheduler for something else may find some. */
function mayBegin({ snapshot }: Picture, zone: ZonePicture): boolean {
  const { alive, deployment, view } = zone;
  if (isCured(zone) || !alive.some((pod) => pod.unschedulable !== undefined)) return true;
  const newest = deploymentIntent(snapshot, view, { replicas: 0, template: 'newest' }).body['spec'] as JsonObject;
  const [before, after] = [deployment?.template ?? {}, objectAt(newest, 'template')];
  return asksElse(before, after);
}

/** Zones that do not have the newest template yet. */
export function outdatedZones({ snapshot, zones }: Picture): readonly ZonePicture[] {
  return zones.filter(
    ({ deployment, view }) => view.declared && deployment !== undefined && !runsNewestTemplate(snapshot, deployment),
  );
}

/** Pods that the budget sets apart for the rollouts that are under way. */
export function surgeUnderWay(zones: readonly ZonePicture[]): number {
  return zones.reduce((sum, zone) => sum + surgeSetApart(zone), 0);
}

/** The surge that exists or may still come, and old pods that go before new ones exist. */
function surgeSetApart(zone: ZonePicture): number {
  if (!zone.rolling || zone.view.state === 'lost') return 0;
  const surge = surgeOf(zone);
  return Math.max(0, surge - notComing(zone, surge)) + mayGoFirst(zone);
}

/** Ready pods that the rollout may take before new ones exist: at least one, since another may be about to get Ready. */
function mayGoFirst(zone: ZonePicture): number {
  const lacks = mayLack(zone);
  return lacks === 0 ? 0 : Math.max(1, zone.alive.filter(({ ready }) => ready).length - (zone.replicas - lacks));
}

/**
 * The part of the surge that does not come: it finds no room or, in a stuck zone, is not Ready. As soon as one more pod
 * is Ready, the zone is not stuck any more.
 */
function notComing(zone: ZonePicture, surge: number): number {
  if (stuckAt(zone) === undefined) return withoutRoom(zone).length + notMade(zone, surge);
  return surge - Math.max(0, zone.alive.filter(({ ready }) => ready).length - zone.replicas);
}

/** It is in the middle of a rollout of a template that is not the newest any more. */
function isSuperseded({ rolling, view, deployment }: ZonePicture): boolean {
  const isSeen = deployment !== undefined && deployment.observedGeneration >= deployment.generation;
  return rolling && isSeen && view.state !== 'lost' && view.doubt === undefined;
}

const unsteadyStates: Readonly<Partial<Record<ZoneState, string>>> = {
  lost: 'is lost',
  failing: 'is failing',
  returning: 'has been back for less than 2 min',
};

function isShifted({ view }: ZonePicture): boolean {
  return view.state === 'shifted';
}

function heldBack(picture: Picture): string | undefined {
  for (const zone of picture.zones) {
    // It serves nobody now, and what is wrong there is no fault of the template.
    if (isShifted(zone)) continue;
    const name = showZone(zone.name);
    const unsteady = zone.view.declared ? unsteadyStates[zone.view.state] : undefined;
    if (unsteady !== undefined) return `${name} ${unsteady}`;
    if (zone.view.declared && zone.view.doubt !== undefined) return `${name} may be dying`;
    const awaited = awaitsNodes(picture, zone);
    if (awaited !== undefined) return awaited;
    if (zone.owed.length > 0 && !isCured(zone) && !zone.alive.some(isStray))
      return `${count(zone.owed.length, 'pod')} in ${name} are being replaced`;
    if (zone.deployment === undefined) continue;
    if (isStuckForRoom(zone)) {
      const hasSure = zone.alive.some(isSure);
      if (hasSure || isOwnFault(picture, zone)) return `the new pods in ${name} find no room`;
      continue;
    }
    if (endsAll(zone)) continue;
    const flying = saysStuck(zone) ?? inFlight(zone);
    if (flying !== undefined) return flying;
  }
  return undefined;
}

function rollOut(picture: Picture, zone: ZonePicture, outdated: readonly ZonePicture[]): Attempt {
  return {
    reserved: [],
    // The surge that the Deployment will have. While an old pod goes first, it has none.
    surge: Math.max(0, surgeOfRollout(zone.replicas) - surgeSetApart(zone)),
    next: (minAvailable) => {
      const budget = ours(picture.snapshot.budget);
      const seen = budget !== undefined && budget.observedGeneration >= budget.generation;
      if (!seen || (budget.minAvailable ?? 0) < minAvailable) {
        return rolloutWait(outdated, 'the budget does not set the surge apart yet');
      }
      const want = { replicas: zone.replicas, template: 'newest', good: goodToNote(zone) } as const;
      const intent = onlyIf(
        zone.deployment?.resourceVersion ?? '',
        deploymentIntent(picture.snapshot, zone.view, want),
      );
      const others = outdated.length - 1;
      const follow = others === 0 ? 'it is the last zone' : `${count(others, 'zone')} to follow`;
      const { newestUnfit } = zone.view;
      const why = `its template is not the newest; ${newestUnfit === undefined ? follow : `${newestUnfit}, but one may still come`}`;
      return { kind: 'rollOut', zone: zone.name, intent, from: zone.replicas, to: zone.replicas, why };
    },
  };
}

function rolloutWait(outdated: readonly ZonePicture[], why: string): Wait {
  return { what: `roll out to ${outdated.map((zone) => showZone(zone.name)).join(', ')}`, why, lookAgainMs: undefined };
}

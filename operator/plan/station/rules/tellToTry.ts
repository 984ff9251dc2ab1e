/*
 * Tell to try: tells a ReplicaSet whose pods were refused to try again at once.
 *
 * After each refusal (a full quota, a webhook that is down) a ReplicaSet waits longer, up to 1,000 s. Measured: it made
 * its pods 146 s after the webhook was back. Any change of a Deployment's annotations goes on to its ReplicaSet and
 * makes that one try at once. So while `ReplicaFailure` stands, an annotation of ours counts up:
 *
 *   first after 15 s (before, it tries often by itself), then every 30 s; after 10 min every minute; after 1 h every 2 min
 *
 * In one pass at most 10 zones of a station are told, those told longest ago first.
 *
 * Hard part: when not to tell. Not where the rollout has failed: there the template is refused, and it is rolled back.
 * And while an old pod goes first in one zone (makeRoom.ts), no other zone is told: its pods would take the place that
 * the old pod left in a quota.
 *
 * Example: a webhook is down for 5 minutes. At most 30 s after it is back, the pods of zone-a are made.
 */
import type { Picture, ZonePicture } from '../picture.ts';
import type { Step, Wait } from '../../../model/plan.ts';
import { mayLack, notMade, surgeOf } from '../room.ts';
import { rolloutFailure } from './failedRollout.ts';
import { showZone } from '../../../api/zone.ts';

const FIRST_MS = 15_000;
const MOST_AT_ONCE = 10;

/** How often a ReplicaSet is told, by how long it has failed, in ms. */
const paces = [
  { fromMs: 3_600_000, everyMs: 120_000, words: '2 min' },
  { fromMs: 600_000, everyMs: 60_000, words: 'minute' },
  { fromMs: 0, everyMs: 30_000, words: '30 s' },
] as const;

/** The zones that are told now. */
export function tryAgainSteps(picture: Picture): readonly Step[] {
  return refusedZones(picture)
    .filter((zone) => leftMs(zone) <= 0)
    .toSorted((a, b) => (b.deployment?.sinceToldMs ?? 0) - (a.deployment?.sinceToldMs ?? 0))
    .slice(0, MOST_AT_ONCE)
    .flatMap(({ name, deployment }) =>
      deployment === undefined
        ? []
        : {
            kind: 'tellToTry',
            zone: name,
            name: deployment.name,
            uid: deployment.uid,
            times: deployment.timesTold + 1,
            why: `its ReplicaSet waits longer after each refusal: ${deployment.replicaFailure}`,
          },
    );
}

/** Zones whose ReplicaSet waits before it tries again. */
export function waitsToTry(picture: Picture): readonly Wait[] {
  return refusedZones(picture).map((zone) => ({
    what: `pods made in ${showZone(zone.name)}`,
    why: `its ReplicaSet waits before it tries again, and is told to try every ${paceOf(zone).words}: ${zone.deployment?.replicaFailure}`,
    // A telling that is due and was not sent (paused, refused, behind another write) is no reason to look again at
    // once.
    lookAgainMs: leftMs(zone) > 0 ? leftMs(zone) : paceOf(zone).everyMs,
  }));
}

function refusedZones(picture: Picture): readonly ZonePicture[] {
  const making = picture.zones.filter((zone) => zone.rolling && mayLack(zone) > 0);
  return (making.length > 0 ? making : picture.zones).filter((zone) => {
    const { deployment, frozen, rolling, view } = zone;
    if (deployment === undefined || frozen || !view.declared) return false;
    const isSeen = deployment.observedGeneration >= deployment.generation;
    const lacks = notMade(zone, rolling ? surgeOf(zone) : 0) > 0;
    return isSeen && lacks && rolloutFailure(picture, zone) === undefined;
  });
}

function leftMs({ deployment, ...zone }: ZonePicture): number {
  const { failingMs = 0, sinceToldMs = 0 } = deployment ?? {};
  const isFirst = sinceToldMs === failingMs;
  return (isFirst ? FIRST_MS : paceOf({ deployment, ...zone }).everyMs) - sinceToldMs;
}

function paceOf({ deployment }: ZonePicture): (typeof paces)[number] {
  return paces.find(({ fromMs }) => (deployment?.failingMs ?? 0) >= fromMs) ?? paces[2];
}

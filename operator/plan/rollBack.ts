/*
 * Roll back: a zone whose rollout has failed gets back the template that was good there. Its old ReplicaSet still has it, so
 * the pods that serve stay and none is made anew; left alone, growing the zone would feed the ReplicaSet that is bad. The
 * bad template's hash is noted with it: no zone tries it again until the template changes. When it has changed already, the
 * zone rolls on to that instead (rollOut.ts).
 */
import type { Attempt, Tried } from './attempt.ts';
import { failedTemplate, goodBefore, isUnproven, rolloutFailure } from './failedRollout.ts';
import type { Failure } from './failedRollout.ts';
import type { Picture, ZonePicture } from './picture.ts';
import { deploymentIntent, newestTemplateHash } from './children/deployment.ts';
import { NOTHING } from './attempt.ts';
import type { GoodTemplate } from '../model/child.ts';
import { onlyIf } from './children/intent.ts';
import { showZone } from '../api/zone.ts';

/** The first zone that has to go back, and can. */
export function tryRollBack(picture: Picture): Tried {
  const refused = picture.snapshot.rollBackRefused;
  for (const zone of picture.zones) {
    const failure = failureToUndo(picture, zone);
    const good = goodBefore(zone);
    if (failure === undefined || good === undefined) continue;
    if (refused === undefined) return { attempt: rollBack(picture, zone, { good, failure }), waits: [] };
    const wait = { what: `roll back ${showZone(zone.name)}`, why: refused.message, lookAgainMs: refused.retryMs };
    return { attempt: undefined, waits: [wait] };
  }
  return NOTHING;
}

/** Its own failure, or that of another zone while no pod here speaks for the template; none when there is a newer one to try. */
function failureToUndo(picture: Picture, zone: ZonePicture): Failure | undefined {
  const newest = newestTemplateHash(picture.snapshot);
  const failed = failedTemplate(picture);
  const runsNewest = zone.deployment?.templateHash === newest;
  if (!runsNewest && failed === undefined) return undefined;
  const own = rolloutFailure(picture, zone);
  if (own !== undefined || !runsNewest || failed === undefined || zone.held) return own;
  return (zone.rolling || zone.alive.length === 0) && isUnproven(zone) ? failed.failure : undefined;
}

function rollBack(
  { snapshot }: Picture,
  zone: ZonePicture,
  { good, failure }: { readonly good: GoodTemplate; readonly failure: Failure },
): Attempt {
  const { replicas, deployment, view } = zone;
  const failed = { hash: deployment?.templateHash ?? '', failure };
  const intent = deploymentIntent(snapshot, view, { replicas, template: { backTo: good, failed } });
  return {
    reserved: [],
    surge: 0,
    next: () => ({
      kind: 'rollBack',
      zone: zone.name,
      intent: onlyIf(deployment?.resourceVersion ?? '', intent),
      from: replicas,
      to: replicas,
      good,
      failing: failure.replicaSet,
      why: `${failure.words}; what ran before (revision ${good.revision}) comes back`,
    }),
  };
}

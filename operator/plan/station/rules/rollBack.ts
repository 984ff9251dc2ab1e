/*
 * Roll back: gives a zone whose rollout failed the template back that was good there.
 *
 * The ReplicaSet of that template still exists, so the pods that serve stay and none is made again. Left alone, growing
 * the zone would make more pods of the bad template. The hash of the bad template is noted in the same write, and no
 * zone tries it again until the template changes. When it has changed already, the zone rolls on to the newer one
 * instead (rollOut.ts).
 *
 * Hard part: other zones may have the bad template too. One where no pod of it is Ready goes back as well, without a
 * failure of its own.
 *
 * Example: zone-a has 3 pods of the good template and one new pod with an image that does not exist. After 60 s the
 * zone gets the good template back; the 3 pods stay, and the new one goes.
 */
import type { Attempt, Tried } from '../attempt.ts';
import { failedTemplate, goodBefore, isUnproven, rolloutFailure } from './failedRollout.ts';
import type { Failure } from './failedRollout.ts';
import type { Picture, ZonePicture } from '../picture.ts';
import { deploymentIntent, newestTemplateHash } from '../../children/deployment.ts';
import { NOTHING } from '../attempt.ts';
import type { GoodTemplate } from '../../../model/child.ts';
import { onlyIf } from '../../children/intent.ts';
import { showZone } from '../../../api/zone.ts';

/** The first zone that must go back, and can. */
export function tryRollBack(picture: Picture): Tried {
  const refused = picture.snapshot.rollBackRefused;
  for (const zone of picture.zones) {
    const failure = failureToUndo(picture, zone);
    const good = goodBefore(zone);
    if (failure === undefined || good === undefined) continue;
    if (refused === undefined) return { attempt: rollBack(picture, zone, { good, failure }), waits: [] };
    const wait = { what: `roll back ${showZone(zone.name)}`, why: refused.message, lookAgainMs: refused.lookAgainMs };
    return { attempt: undefined, waits: [wait] };
  }
  return NOTHING;
}

/**
 * The zone's own failure, or that of another zone while no pod here shows that the template works. Undefined when there
 * is a newer template to try.
 */
function failureToUndo(picture: Picture, zone: ZonePicture): Failure | undefined {
  const newest = newestTemplateHash(picture.snapshot);
  const failed = failedTemplate(picture);
  const runsNewest = zone.deployment?.templateHash === newest;
  if (!runsNewest && failed === undefined) return undefined;
  const own = rolloutFailure(picture, zone);
  if (own !== undefined || !runsNewest || failed === undefined || zone.frozen) return own;
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

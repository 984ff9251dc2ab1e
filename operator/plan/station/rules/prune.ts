/*
 * Prune: deletes the Deployment of a zone that is no longer declared, when it has no pod and asks for none.
 *
 *   r = A = 0
 *
 * It is the last rule. Example: zone-c is taken out of `spec.zones`. Shrink takes its pods, and then its Deployment is
 * deleted.
 */
import type { Attempt, Tried } from '../attempt.ts';
import type { Picture, ZonePicture } from '../picture.ts';
import { NOTHING } from '../attempt.ts';
import { showZone } from '../../../api/zone.ts';

/** The first empty Deployment of a zone that is no longer declared. */
export function tryPrune(picture: Picture): Tried {
  for (const zone of picture.zones) {
    if (!zone.view.declared && zone.deployment !== undefined && zone.replicas === 0 && zone.alive.length === 0) {
      return { attempt: prune(zone, zone.deployment), waits: [] };
    }
  }
  return NOTHING;
}

function prune(zone: ZonePicture, { name, uid, resourceVersion }: NonNullable<ZonePicture['deployment']>): Attempt {
  const why = `${showZone(zone.name)} is not a zone of this station any more, and its Deployment is empty`;
  return { reserved: [], surge: 0, next: () => ({ kind: 'prune', zone: zone.name, name, uid, resourceVersion, why }) };
}

import { ApiError } from '../../../operator/kube/errors.ts';
import { describe } from '../../../operator/kube/path.ts';
import type { Ref } from '../../../operator/kube/path.ts';
import type { Stored } from './objects.ts';

const statusOf = { notFound: 404, conflict: 409, forbidden: 403 } as const;

/** An error as the client makes it of the API server's answer. */
export function refusal(code: keyof typeof statusOf, at: Ref, why: string): ApiError {
  return new ApiError({ code, doing: `at ${describe(at)}`, why, status: statusOf[code] });
}

/**
 * Refuses what was decided on another object, or on another version of it. A version alone keeps nobody from making anew what is
 * gone; a uid does.
 */
export function checkSame(
  known: Stored | undefined,
  wanted: { readonly uid?: unknown; readonly resourceVersion?: unknown },
  at: Ref,
): void {
  const { uid, resourceVersion } = wanted;
  if (uid !== undefined && uid !== known?.uid) throw refusal('conflict', at, `its uid is ${known?.uid ?? 'none'}`);
  if (resourceVersion === undefined || known === undefined || resourceVersion === String(known.version)) return;
  throw refusal('conflict', at, 'the object has been modified');
}

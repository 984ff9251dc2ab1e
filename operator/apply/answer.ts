import type { ChangedField } from '../api/kubernetes/changedFields.ts';
import type { KubeObject } from '../api/kubernetes/object.ts';
import { changedOutside } from '../plan/children/intent.ts';
import type { Intent } from '../model/plan.ts';
import { ADMISSION } from './contests.ts';
import type { Refusals } from './refusals.ts';

/**
 * Reads the answer to the write of an intent. Returns the fields that came back with another value than asked for; none
 * when the intent is done. Fields that others had changed before are remembered as contested.
 */
export function readAnswer(
  { name, body, takesBack = [] }: Intent,
  object: KubeObject,
  { uid, refusals, nowMs }: { readonly uid: string; readonly refusals: Refusals; readonly nowMs: number },
): readonly ChangedField[] {
  const { contests } = refusals;
  for (const taken of takesBack) contests.note(uid, { object: name, ...taken }, nowMs);
  const changed = changedOutside(body as unknown as KubeObject, object);
  contests.settle(uid, name);
  for (const field of changed) contests.note(uid, { object: name, ...field, by: ADMISSION }, nowMs);
  return changed;
}

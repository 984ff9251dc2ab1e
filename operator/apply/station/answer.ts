import type { ChangedField } from '../../api/kubernetes/changedFields.ts';
import type { KubeObject } from '../../api/kubernetes/object.ts';
import type { Step } from '../../model/plan.ts';
import { changedOutside } from '../../plan/children/intent.ts';
import { ADMISSION } from '../contests.ts';
import type { Acting } from '../sendUnlessHeldBack.ts';

/**
 * Fields of a step's intent whose value in the answer differs from what was written. None means that the write is done.
 * It also notes the fields that others had changed before and that this write has set back.
 */
export function changedInAnswer(
  step: Step,
  answer: KubeObject,
  { owner, refusals, clock }: Pick<Acting, 'owner' | 'refusals' | 'clock'>,
): readonly ChangedField[] {
  if (!('intent' in step)) return [];
  const { name, body, takesBack = [] } = step.intent;
  const { contests } = refusals;
  const nowMs = clock.monotonicMs();
  for (const taken of takesBack) contests.note(owner.uid, { object: name, ...taken }, nowMs);
  const changed = changedOutside(body as unknown as KubeObject, answer);
  contests.settle(owner.uid, name);
  for (const field of changed) contests.note(owner.uid, { object: name, ...field, by: ADMISSION }, nowMs);
  return changed;
}

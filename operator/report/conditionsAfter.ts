import { setCondition } from '../api/conditions.ts';
import { clip } from './clip.ts';
import type { Condition, StatedCondition } from '../api/conditions.ts';
import { statusLimits } from '../api/status.ts';

/**
 * The conditions of the new status. One that is no longer stated is removed. A transition time changes only when its
 * status flips.
 */
export function conditionsAfter(
  before: readonly Condition[],
  stated: readonly StatedCondition[],
  at: { readonly generation: number; readonly now: string },
): readonly Condition[] {
  const types = new Set<string>(stated.map(({ type }) => type));
  const kept = before.filter(({ type }) => types.has(type));
  return stated.reduce<readonly Condition[]>((conditions, condition) => {
    const message = clip(condition.message, statusLimits.message);
    return setCondition(conditions, { ...condition, message, observedGeneration: at.generation }, at.now);
  }, kept);
}

/*
 * Load: sums what the pods of a station carry, with a figure for those that say nothing.
 *
 *   S  = Σ valid samples      x̄ = their mean       q = what one pod is to carry
 *   L↑ = S + |silent|·x̄                            L↓ = S + (|fresh| + |silent|)·max(x̄, q)
 *
 * Hard part: a pod that is not heard must neither hide load nor invent it. A silent pod serves as the others do, so
 * demand rises as if it did. A fresh one may not serve yet: it makes nothing rise. Before demand falls, both count as
 * full. L↑ ≤ L↓, so data that come and go cannot make demand flap, and missing data never let it fall.
 *
 * A node that is lost takes its pods out of the sum: what they carried has gone to those that are left. So demand depends
 * neither on how many pods there are nor on which zones there are.
 *
 * Example: six pods are to carry 8 requests each. Four say 10, one is silent, one has just started: L↑ = 50, L↓ = 60.
 */
import type { Load, PodSamples } from '../../model/scale.ts';

/** The load of a metric that pods report; undefined when no pod has a valid sample. `target`: what one pod is to carry. */
export function loadOf({ valid, fresh, silent }: PodSamples, target: number): Load | undefined {
  if (valid.length === 0) return undefined;
  const sum = valid.reduce((total, value) => total + value, 0);
  const mean = sum / valid.length;
  return { up: sum + silent * mean, down: sum + (fresh + silent) * Math.max(mean, target) };
}

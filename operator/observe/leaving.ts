/*
 * From when on no pod of a template is counted as one that was there when its node began to leave. A node may leave for
 * several reasons: a cordon and a taint keep pods away that do not tolerate them, a condition keeps nobody away.
 *
 * - A node that is closed to the template: since the first reason that closed it. What came before, be it after a condition,
 *   could not come again.
 * - A node that is open: since the first reason of all. Pods still come, and each replacement may be one of them.
 */
import type { PodTemplate } from '../api/podtemplate.ts';
import type { NodeObject, Taint } from './objects.ts';
import { isTolerated } from './usable.ts';

/** How a node leaves, seen by the pods of one template. */
export interface Leaving {
  /** Since when, in seconds since 1970; undefined where nothing tells. */
  readonly at: number | undefined;
  /** The scheduler still sends pods of the template there. */
  readonly isOpen: boolean;
}

interface Reason {
  readonly at: number | undefined;
  readonly closes: boolean;
}

/** How the node leaves; `leavingTaints` are those of its taints that say so. Without a template: for pods that tolerate nothing. */
export function leavingOf(node: NodeObject, leavingTaints: readonly Taint[], template?: PodTemplate): Leaving {
  const closes = (taint: Taint): boolean => template === undefined || !isTolerated(template, taint);
  const cordon = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
  const reasons: readonly Reason[] = [
    ...(node.unschedulable ? [{ at: node.cordonedAt, closes: closes(cordon) }] : []),
    ...leavingTaints.map((taint) => ({ at: taint.addedAt, closes: closes(taint) })),
    { at: node.goingAt, closes: false },
  ];
  const closing = reasons.filter((reason) => reason.closes);
  const times = (closing.length > 0 ? closing : reasons).flatMap(({ at }) => at ?? []);
  return { at: times.length === 0 ? undefined : Math.min(...times), isOpen: closing.length === 0 };
}

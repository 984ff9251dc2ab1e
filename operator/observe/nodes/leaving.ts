/*
 * When a node began to leave, as the pods of one template see it: pods that were there by then leave with the node, and
 * pods that came later do not. A node may leave for several reasons. A cordon and a taint keep away pods that do not
 * tolerate them; a condition keeps no pod away.
 *
 * - A node that is closed to the template: it began to leave with the first reason that closed it. Say a condition
 *   announces its end at 10:00 and a cordon closes it at 10:05: a pod bound at 10:02 leaves with the node too, since
 *   its replacement cannot land there.
 * - A node that is open to the template: it began to leave with the first reason of all. Pods still come, and each of
 *   them may be a replacement.
 */
import type { PodTemplate } from '../../api/podtemplate.ts';
import type { NodeObject, Taint } from '../objects.ts';
import { isTolerated } from './usable.ts';

/** How a node leaves, as the pods of one template see it. */
export interface Leaving {
  /** When it began to leave, in seconds since 1970; undefined when no timestamp tells. */
  readonly at: number | undefined;
  /** The scheduler still places pods of the template there. */
  readonly isOpen: boolean;
}

interface Reason {
  readonly at: number | undefined;
  readonly closes: boolean;
}

/**
 * Tells how the node leaves. `leavingTaints` are those of its taints that make it leave. Without a template it judges
 * for pods that tolerate nothing.
 */
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

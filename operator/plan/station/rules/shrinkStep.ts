/*
 * Shrink step: marks the victims of a shrink, and then writes the lower count of their zone.
 *
 * Hard part: the ReplicaSet controller chooses by its own view of the pods, which may be older than ours. If it has not
 * seen a mark, it takes a pod that was to stay. So the marks must be 1 s old.
 *
 * Example: a pod is marked and zone-a has 3 pods. 1 s later zone-a is told to have 2, and the ReplicaSet deletes the
 * marked one.
 */
import type { Step, Wait } from '../../../model/plan.ts';
import type { Picture, ZonePicture } from '../picture.ts';
import type { PodView } from '../../../model/pod.ts';
import { budgetAwaits } from '../guard.ts';
import { deploymentIntent } from '../../children/deployment.ts';
import { onlyIf } from '../../children/intent.ts';

/** By then every working controller has seen a mark. */
const MARKED_MS = 1_000;

/** A shrink that the guard let pass. */
export interface Shrinking {
  readonly zone: ZonePicture;
  readonly to: number;
  /** All pods that are meant to go. The Ready ones must be marked. */
  readonly victims: readonly PodView[];
  readonly what: string;
  readonly why: string;
  /** Why they are marked. */
  readonly whyMark: string;
}

/** The next step of a shrink: first the marks, then the write, which the API server refuses when the Deployment has changed. */
export function nextOfShrink(picture: Picture, shrinking: Shrinking, minAvailable: number): Step | Wait {
  const { zone, to, victims, what, why, whyMark } = shrinking;
  const unmarked = victims.filter((pod) => !pod.marked);
  if (unmarked.length > 0) {
    const pods = unmarked.map(({ name, uid }) => ({ name, uid }));
    return { kind: 'mark', zone: zone.name, pods, why: whyMark };
  }
  const awaited = budgetAwaits(picture, minAvailable);
  if (awaited !== undefined) return { what, why: awaited, lookAgainMs: undefined };
  const youngestMs = Math.min(...victims.filter((pod) => pod.ready).map((pod) => pod.markedMs));
  if (youngestMs < MARKED_MS) {
    return { what, why: 'the ReplicaSet may not have seen the marks yet', lookAgainMs: MARKED_MS - youngestMs };
  }
  const intent = deploymentIntent(picture.snapshot, zone.view, { replicas: to, template: 'asItRuns' });
  return {
    kind: 'shrink',
    zone: zone.name,
    intent: onlyIf(zone.deployment?.resourceVersion ?? '', intent),
    from: zone.replicas,
    to,
    victims: victims.map((pod) => pod.uid),
    why,
  };
}

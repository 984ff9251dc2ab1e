/*
 * Progress deadline: says for how long a rollout may get no further before it has failed.
 *
 *   max(600 s, what the probes let a pod start + 300 s for its node, volumes and images)     unless the station says
 *
 * Hard part: as with a Deployment, the time begins again with each pod that gets Ready. So it must be longer than one
 * pod may take.
 *
 * Example: the probes let a pod start for 13 minutes, so the deadline is 18 minutes. With the 600 s that Kubernetes
 * gives, a good version would be rolled back.
 */
import type { PodTemplate } from '../../../api/podtemplate.ts';
import type { StationSpec } from '../../../api/station.ts';
import { probesAllowMs } from '../../../api/probes.ts';

/** The deadline of a Deployment that does not give one. */
export const KUBERNETES_DEADLINE_SECONDS = 600;
/** The time that a pod may take before its first probe, and after its last. */
const MARGIN_SECONDS = 300;

/** The progress deadline, in seconds, of a station's Deployment that runs this template. */
export function progressDeadlineSeconds(
  { progressDeadlineSeconds: asked }: Pick<StationSpec, 'progressDeadlineSeconds'>,
  template: PodTemplate,
): number {
  const slowestSeconds = Math.ceil(probesAllowMs(template) / 1000) + MARGIN_SECONDS;
  return asked ?? Math.max(KUBERNETES_DEADLINE_SECONDS, slowestSeconds);
}

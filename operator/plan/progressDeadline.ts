/*
 * The progress deadline: a rollout that gets nowhere for so long has failed. As with a Deployment it begins anew with each
 * pod that gets Ready, so it has to be longer than one pod may take:
 *
 *   max(600 s, what the probes let a pod start + 300 s for its node, volumes and images)     unless the station says
 *
 * Kubernetes' own is 600 s: a good version that takes 13 minutes to start would be rolled back.
 */
import type { PodTemplate } from '../api/podtemplate.ts';
import type { StationSpec } from '../api/station.ts';
import { probesAllowMs } from '../api/probes.ts';

/** What a Deployment has that says nothing. */
export const KUBERNETES_DEADLINE_SECONDS = 600;
/** What a pod may take before its first probe, and after its last. */
const MARGIN_SECONDS = 300;

/** The progress deadline of a station's Deployment that runs this template, in seconds. */
export function progressDeadlineSeconds(
  { progressDeadlineSeconds: asked }: Pick<StationSpec, 'progressDeadlineSeconds'>,
  template: PodTemplate,
): number {
  const slowestSeconds = Math.ceil(probesAllowMs(template) / 1000) + MARGIN_SECONDS;
  return asked ?? Math.max(KUBERNETES_DEADLINE_SECONDS, slowestSeconds);
}

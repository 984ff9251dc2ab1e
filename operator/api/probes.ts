import type { PodTemplate } from './podtemplate.ts';

type Container = PodTemplate['spec']['containers'][number];

/**
 * How long the probes let a pod start before the kubelet gives up on it (defaults of
 * https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Probe): sidecars one after the other,
 * then the slowest container.
 */
export function probesAllowMs({ spec }: PodTemplate): number {
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  const before = sidecars.reduce((sum, sidecar) => sum + startupSeconds(sidecar), 0);
  return (before + Math.max(0, ...spec.containers.map(readySeconds))) * 1000;
}

function startupSeconds({ startupProbe }: Container): number {
  if (startupProbe === undefined) return 0;
  const { initialDelaySeconds = 0, periodSeconds = 10, failureThreshold = 3 } = startupProbe;
  return initialDelaySeconds + periodSeconds * failureThreshold;
}

/** Both delays count from the container's start, but readiness is asked for only once it has started up. */
function readySeconds(container: Container): number {
  const started = startupSeconds(container);
  if (container.readinessProbe === undefined) return started;
  const { initialDelaySeconds = 0, periodSeconds = 10, successThreshold = 1 } = container.readinessProbe;
  return Math.max(started, initialDelaySeconds) + periodSeconds * successThreshold;
}

import { quantityOf } from './kubernetes/quantity.ts';
import type { PodTemplate } from './podtemplate.ts';

type Container = Pick<PodTemplate['spec']['containers'][number], 'resources' | 'restartPolicy'>;

/** What a container asks for, in base units. A limit without a request counts as a request. */
export function requestedBy({ resources }: Container, resource: string): number {
  return quantityOf(resources?.requests?.[resource] ?? resources?.limits?.[resource]);
}

/** Whether an init container runs beside the others. */
export function isSidecar({ restartPolicy }: Container): boolean {
  return restartPolicy === 'Always';
}

/** What the containers and sidecars of a pod ask for together, in base units: what its use is measured by. */
export function requestedTogether({ spec }: PodTemplate, resource: string): number {
  const running: readonly Container[] = [...spec.containers, ...(spec.initContainers ?? []).filter(isSidecar)];
  const whole = spec.resources?.requests?.[resource];
  if (whole !== undefined) return quantityOf(whole);
  return running.reduce((sum, container) => sum + requestedBy(container, resource), 0);
}

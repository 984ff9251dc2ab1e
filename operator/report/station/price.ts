import type { V1Container } from '@kubernetes/client-node';
import type { PodTemplate } from '../../api/podtemplate.ts';
import { isSidecar, requestedBy } from '../../api/requests.ts';
import type { DeepReadonly } from '../../api/readonly.ts';
import type { Price } from '../../api/status.ts';
import { quantityOf } from '../../api/kubernetes/quantity.ts';
import { printBytes, printCpu } from '../quantity.ts';

type Container = Pick<V1Container, 'resources' | 'restartPolicy'>;

/** What this many pods of a template ask for. */
export function priceOf(template: PodTemplate, pods: number): Price {
  return {
    pods,
    cpu: printCpu(requestOf(template, 'cpu') * pods),
    memory: printBytes(requestOf(template, 'memory') * pods),
  };
}

/**
 * What one pod asks for, as the scheduler counts it: the overhead, and the larger of
 *
 * - what all its containers and sidecars need together,
 * - what one init container needs together with the sidecars that were started before it.
 *
 * A request on the pod itself replaces both.
 */
function requestOf({ spec }: PodTemplate, resource: string): number {
  const sum = (containers: readonly DeepReadonly<Container>[]): number =>
    containers.reduce((total, container) => total + requestedBy(container, resource), 0);
  const inits = spec.initContainers ?? [];
  const sidecarsBefore = (end: number): DeepReadonly<Container>[] => inits.slice(0, end).filter(isSidecar);
  const running = sum(spec.containers) + sum(inits.filter(isSidecar));
  const starting = inits.map((init, index) => requestedBy(init, resource) + sum(sidecarsBefore(index)));
  const whole = spec.resources?.requests?.[resource];
  const needed = whole === undefined ? Math.max(running, ...starting) : quantityOf(whole);
  return needed + quantityOf(spec.overhead?.[resource]);
}

import type { ServicePort } from '../model/child.ts';
import type { PodObject } from './objects.ts';

/** The number of the port that a pod listens on; undefined when it declares none of the name. */
export function podPort(
  { ports }: Pick<PodObject, 'ports'>,
  { targetPort, protocol }: Pick<ServicePort, 'targetPort' | 'protocol'>,
): number | undefined {
  if (typeof targetPort === 'number') return targetPort;
  const declared = ports.split(' ').find((each) => each.startsWith(`${targetPort}:`) && each.endsWith(`/${protocol}`));
  return declared === undefined ? undefined : Number(/:(\d+)\//.exec(declared)?.[1]);
}

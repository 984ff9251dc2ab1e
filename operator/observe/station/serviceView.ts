import type { ServiceView } from '../../model/child.ts';
import type { ServiceObject } from '../objects.ts';
import { childView } from '../ownership.ts';

/** What a plan sees of a Service. */
export function serviceView(service: ServiceObject): ServiceView {
  return { ...childView(service), ports: service.ports, ...(service.selects === true ? { selects: true } : {}) };
}

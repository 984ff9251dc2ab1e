import type { DeclaredStation, Kitchen, KitchenSpec } from '../../../operator/api/kitchen.ts';
import { API_VERSION } from '../../../operator/api/labels.ts';

export const goodImage = 'registry.k8s.io/pause:3.10';
export const newImage = 'registry.k8s.io/pause:3.11';

type Parts = Omit<Partial<DeclaredStation>, 'template'> & {
  readonly image?: string;
  readonly resources?: object;
  /** Of its pods. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Ports that its container declares. */
  readonly containerPorts?: readonly object[];
  /** More of its pods' spec. */
  readonly pod?: object;
};

/** An entry of `spec.stations` with a port and one container; without `replicas` the Kitchen gives no demand. */
export function aStation({ image = goodImage, annotations, pod, ...rest }: Parts = {}): DeclaredStation {
  const { resources, containerPorts: ports, ...parts } = rest;
  const name = parts.name ?? 'grill';
  const more = { ...(resources === undefined ? {} : { resources }), ...(ports === undefined ? {} : { ports }) };
  const container = { name: 'main', image, ...more };
  const metadata = annotations === undefined ? {} : { metadata: { annotations } };
  const template = { ...metadata, spec: { ...pod, containers: [container] } } as DeclaredStation['template'];
  return { name, ports: [{ port: 80, targetPort: 8080, protocol: 'TCP' }], ...parts, template };
}

/** A Kitchen as a person writes it. */
export function aKitchen(name: string, spec: KitchenSpec): Kitchen {
  return { apiVersion: API_VERSION, kind: 'Kitchen', metadata: { name }, spec };
}

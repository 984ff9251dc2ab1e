import { HUB_PORTS_OBJECT } from '../api/hub.ts';
import { annotations, labels, fieldManagers } from '../api/labels.ts';
import type { KubeObject } from '../api/kubernetes/object.ts';
import type { GivenPorts } from './ports.ts';

/** No name of a port has no dot. */
const NEXT = 'next';

interface RawConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

/** What the ConfigMap says: ports, and which hubs are bypassed. */
export interface PortsKept extends GivenPorts {
  /** Uid of a DaemonSet: no Service is to lead to its hubs. Undefined: none is bypassed. */
  readonly bypassed: string | undefined;
}

/** What a ConfigMap says. A port that is no number was not written by us, and counts for nothing. */
export function portsIn(raw: KubeObject): PortsKept {
  const numbers = Object.entries((raw as RawConfigMap).data ?? {}).flatMap(([name, text]) =>
    /^\d{1,5}$/.test(text) ? [[name, Number(text)] as const] : [],
  );
  const ports = new Map(numbers);
  const next = ports.get(NEXT) ?? 0;
  ports.delete(NEXT);
  return { ports, next, bypassed: raw.metadata.annotations?.[annotations.bypassed] };
}

/** The ConfigMap with these ports, in the version that they were decided on; undefined: a new one. */
export function portsObject(
  { ports, next }: GivenPorts,
  at: { readonly namespace: string; readonly resourceVersion: string | undefined },
): KubeObject {
  const { namespace, resourceVersion } = at;
  const entries = [...ports]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, port]) => [name, String(port)] as const);
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: HUB_PORTS_OBJECT,
      namespace,
      labels: { [labels.managedBy]: fieldManagers.operator },
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
    data: { ...Object.fromEntries(entries), [NEXT]: String(next) },
  } as KubeObject;
}

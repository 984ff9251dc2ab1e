import { labels, fieldManagers } from '../api/labels.ts';
import type { KubeObject } from '../api/kubernetes/object.ts';
import type { GivenPorts } from './ports.ts';

/** The ConfigMap in the operator's namespace that has all ports that were given. */
export const PORTS_OBJECT = 'kitchen-hub-ports';

/** No name of a port has no dot. */
const NEXT = 'next';

interface RawConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

/** The ports that a ConfigMap has. What is no number there was not written by us, and counts for nothing. */
export function portsIn(raw: KubeObject): GivenPorts {
  const numbers = Object.entries((raw as RawConfigMap).data ?? {}).flatMap(([name, text]) =>
    /^\d{1,5}$/.test(text) ? [[name, Number(text)] as const] : [],
  );
  const ports = new Map(numbers);
  const next = ports.get(NEXT) ?? 0;
  ports.delete(NEXT);
  return { ports, next };
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
      name: PORTS_OBJECT,
      namespace,
      labels: { [labels.managedBy]: fieldManagers.operator },
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
    data: { ...Object.fromEntries(entries), [NEXT]: String(next) },
  } as KubeObject;
}

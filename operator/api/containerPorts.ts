interface RawContainer {
  readonly name?: string;
  readonly restartPolicy?: string;
  readonly ports?:
    | readonly { readonly name?: string; readonly containerPort: number; readonly protocol?: string }[]
    | null;
}

/** The part of a pod's spec that says which ports it has. */
export interface RawPodSpec {
  readonly containers?: readonly RawContainer[];
  readonly initContainers?: readonly RawContainer[];
}

/** Ports that containers and sidecars declare, where Kubernetes looks for a port's name: `web:8080/TCP :9090/TCP`. */
export function declaredPorts(spec: RawPodSpec = {}): string {
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  const ports = [...(spec.containers ?? []), ...sidecars].flatMap((container) => container.ports ?? []);
  return ports
    .map(({ name = '', containerPort, protocol = 'TCP' }) => `${name}:${containerPort}/${protocol}`)
    .join(' ');
}

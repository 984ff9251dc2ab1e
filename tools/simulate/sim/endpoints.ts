import type { JsonObject } from '../../../operator/api/kubernetes/json.ts';
import { listAt, objectAt } from '../../../operator/plan/children/json.ts';
import type { StationSpec } from '../../../operator/api/station.ts';
import type { Cluster } from './cluster.ts';
import type { SimPod, SimService, SimSlice } from './objects.ts';
import { templateOf } from './images.ts';
import { Queue } from './queue.ts';
import type { Server } from './server.ts';
import type { Truth } from './truth.ts';

type Endpoint = SimSlice['endpoints'][number];

/** A change of the Service is in its slices after this. */
const FOLLOWED_MS = 300;

/**
 * The EndpointSlice controller: a slice for the pods of each set of ports, up to a second behind their readiness. What it would
 * take away it makes into what it needs, and one slice is always there.
 */
export class Endpoints {
  readonly #cluster: Cluster;
  readonly #service: string;

  constructor(cluster: Cluster, service: string) {
    this.#cluster = cluster;
    this.#service = service;
    const queue = new Queue(
      cluster.agenda,
      () => cluster.chance.between(50, 1000),
      () => this.#sync(),
    );
    cluster.managerView.watch((change) => {
      if (change.kind === 'pod') queue.add(service);
      if (change.kind === 'service' && cluster.server.list('slice').length > 0)
        cluster.agenda.after(FOLLOWED_MS, () => this.#sync());
    });
  }

  #sync(): void {
    const { server } = this.#cluster;
    const known = server.list('slice');
    const wanted = this.#wanted(known);
    const kept = known.filter((slice) => wanted.has(JSON.stringify(slice.ports)));
    const spare = known.filter((slice) => !kept.includes(slice));
    for (const [key, endpoints] of wanted) {
      const ports = JSON.parse(key) as SimSlice['ports'];
      const slice = kept.find((each) => JSON.stringify(each.ports) === key) ?? spare.shift();
      if (slice === undefined) server.create('slice', { name: this.#unused(), ports, endpoints });
      else if (JSON.stringify([slice.ports, slice.endpoints]) !== JSON.stringify([ports, endpoints]))
        server.update('slice', slice, { ports, endpoints });
    }
    for (const slice of spare) server.remove('slice', slice.name);
  }

  /** The endpoints of each set of ports. */
  #wanted(known: readonly SimSlice[]): ReadonlyMap<string, readonly Endpoint[]> {
    const { managerView } = this.#cluster;
    const service = managerView.get('service', this.#service);
    const before = new Map(known.flatMap((slice) => slice.endpoints).map((endpoint) => [endpoint.uid, endpoint]));
    const pods = managerView.list('pod').filter((pod) => pod.node !== undefined && pod.failed === undefined);
    const groups = Map.groupBy(pods, (pod) => JSON.stringify(resolved(service, pod)));
    if (groups.size === 0) return new Map([[JSON.stringify(known[0]?.ports ?? []), []]]);
    // The most pods first: what is written one after the other is at once, as good as.
    const inOrder = [...groups].toSorted(([, some], [, others]) => others.length - some.length);
    return new Map(inOrder.map(([key, same]) => [key, same.map((pod) => this.#endpoint(pod, before.get(pod.uid)))]));
  }

  #unused(): string {
    let number = 1;
    while (this.#cluster.server.get('slice', `${this.#service}-${number}`) !== undefined) number += 1;
    return `${this.#service}-${number}`;
  }

  #endpoint({ name, uid, node = '', ...pod }: SimPod, before: Endpoint | undefined): Endpoint {
    const ready = pod.ready && pod.deletingMs === undefined;
    const sinceMs = before?.ready === ready ? before.sinceMs : this.#cluster.agenda.nowMs;
    return { pod: name, uid, node, ready, sinceMs };
  }
}

/** The Service's ports that the pod has: a name that it does not have is left out, a number always led to. */
function resolved(service: SimService | undefined, pod: SimPod): SimSlice['ports'] {
  const ports = listAt(objectAt(service?.body ?? {}, 'spec'), 'ports') as unknown as StationSpec['ports'];
  return ports.flatMap(({ name = '', port, targetPort = port }) => {
    const number = typeof targetPort === 'string' ? numberOf(pod, targetPort) : targetPort;
    return number === undefined ? [] : [{ name, port: number }];
  });
}

function numberOf(pod: SimPod, name: string): number | undefined {
  return portsOf(pod).find((port) => port.name === name)?.containerPort;
}

/** A port of the station's container. */
export interface ContainerPort {
  readonly name?: string;
  readonly containerPort: number;
}

/** A template whose pods have these ports, and where the Service leads. */
export function listening(
  targetPort: number | string,
  ports: readonly ContainerPort[],
  version: number,
): Pick<StationSpec, 'template' | 'ports'> {
  const containers = templateOf(version).spec.containers.map((container) => ({ ...container, ports: [...ports] }));
  return { template: { spec: { containers } }, ports: [{ port: 80, protocol: 'TCP', targetPort }] };
}

/** Ready pods that listen where a slice leads to them; what declares no port listens anywhere. */
export function reached({ server, truth }: { readonly server: Server; readonly truth: Truth }): number {
  const led = server.list('slice').flatMap(({ ports, endpoints }) => {
    const ready = endpoints.filter((endpoint) => endpoint.ready);
    return ready.map(({ uid }) => ({ uid, numbers: ports.map(({ port }) => port) }));
  });
  return truth.servingPods.filter((pod) => {
    const own = portsOf(pod).map(({ containerPort }) => containerPort);
    const to = led.filter(({ uid }) => uid === pod.uid).flatMap(({ numbers }) => numbers);
    return own.length === 0 ? to.length > 0 : to.some((number) => own.includes(number));
  }).length;
}

function portsOf({ containers }: Pick<SimPod, 'containers'>): readonly ContainerPort[] {
  return containers.flatMap(
    (container) => listAt(container as JsonObject, 'ports') as unknown as readonly ContainerPort[],
  );
}

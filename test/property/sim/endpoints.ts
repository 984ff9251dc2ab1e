import type { Cluster } from './cluster.ts';
import { isActive } from './objects.ts';
import { Queue } from './queue.ts';

/** The EndpointSlice controller: one slice of the station's assigned pods, up to a second behind their readiness. */
export class Endpoints {
  readonly #cluster: Cluster;
  readonly #slice: string;

  constructor(cluster: Cluster, slice: string) {
    this.#cluster = cluster;
    this.#slice = slice;
    const queue = new Queue(
      cluster.agenda,
      () => cluster.chance.between(50, 1000),
      () => this.#sync(),
    );
    cluster.managerView.watch((change) => {
      if (change.kind === 'pod') queue.add(slice);
    });
  }

  #sync(): void {
    const { managerView, server } = this.#cluster;
    const endpoints = managerView
      .list('pod')
      .filter((pod) => pod.node !== undefined)
      .map((pod) => ({ pod: pod.name, uid: pod.uid, node: pod.node ?? '', ready: pod.ready && isActive(pod) }));
    const known = server.get('slice', this.#slice);
    if (known === undefined) server.create('slice', { name: this.#slice, endpoints });
    else if (JSON.stringify(known.endpoints) !== JSON.stringify(endpoints))
      server.update('slice', known, { endpoints });
  }
}

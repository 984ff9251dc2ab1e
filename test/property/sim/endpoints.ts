import type { Cluster } from './cluster.ts';
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
    const { managerView, server, agenda } = this.#cluster;
    const known = server.get('slice', this.#slice);
    const before = new Map(known?.endpoints.map((endpoint) => [endpoint.uid, endpoint]));
    const endpoints = managerView
      .list('pod')
      .filter((pod) => pod.node !== undefined && pod.failed === undefined)
      .map(({ name, uid, node = '', ...pod }) => {
        const ready = pod.ready && pod.deletingMs === undefined;
        const sinceMs = before.get(uid)?.ready === ready ? before.get(uid)?.sinceMs : undefined;
        return { pod: name, uid, node, ready, sinceMs: sinceMs ?? agenda.nowMs };
      });
    if (known === undefined) server.create('slice', { name: this.#slice, endpoints });
    else if (JSON.stringify(known.endpoints) !== JSON.stringify(endpoints))
      server.update('slice', known, { endpoints });
  }
}

import type { JsonObject } from '../../../operator/api/kubernetes/json.ts';
import type { Cluster } from './cluster.ts';
import type { SimPod } from './objects.ts';
import { deletePod } from './replicasets.ts';

/** The taint that announces a node's end; its effect is NoExecute. */
export const NOTICE = 'maintenance';

/** The taint manager's part for this taint: each pod goes when what it tolerates has passed since the taint, or since it came. */
export class Notices {
  readonly #cluster: Cluster;
  readonly #excuse: (uid: string) => void;

  /** `excuse` is told of each pod that is evicted so: no budget and no operator could keep it. */
  constructor(cluster: Cluster, excuse: (uid: string) => void) {
    this.#cluster = cluster;
    this.#excuse = excuse;
    cluster.server.watch((change) => {
      if (change.kind === 'pod' && !change.gone && change.object.boundMs === cluster.agenda.nowMs)
        this.#await(change.object);
    });
  }

  give(node: string): void {
    const { server, agenda } = this.#cluster;
    if (server.get('node', node) === undefined) return;
    server.update('node', { name: node }, { noticedMs: agenda.nowMs });
    for (const pod of server.list('pod').filter((each) => each.node === node)) this.#await(pod);
  }

  #await({ name, uid, node = '', tolerations = [] }: SimPod): void {
    const { server, agenda } = this.#cluster;
    const noticedMs = server.get('node', node)?.noticedMs;
    const staysMs = toleratedMs(tolerations);
    if (noticedMs === undefined || staysMs === Infinity) return;
    agenda.after(staysMs, () => {
      const pod = server.get('pod', name);
      if (pod?.uid !== uid || pod.deletingMs !== undefined || server.get('node', node)?.noticedMs !== noticedMs) return;
      this.#excuse(uid);
      deletePod(this.#cluster, name);
    });
  }
}

/** Whether pods with these tolerations are sent to a node with the taint. */
export function toleratesNotice(tolerations: readonly JsonObject[]): boolean {
  return toleratedMs(tolerations) > 0;
}

function toleratedMs(tolerations: readonly JsonObject[]): number {
  const toleration = tolerations.find(({ key }) => key === undefined || key === NOTICE);
  return toleration === undefined ? 0 : Number(toleration['tolerationSeconds'] ?? Infinity) * 1000;
}

/** What a station's template tolerates: every taint, or a notice for a while. */
export function tolerationsFor({
  tolerates = false,
  noticeMs,
}: {
  readonly tolerates?: boolean;
  readonly noticeMs?: number;
}): readonly JsonObject[] {
  if (tolerates) return [{ operator: 'Exists' }];
  if (noticeMs === undefined) return [];
  return [{ key: NOTICE, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: noticeMs / 1000 }];
}

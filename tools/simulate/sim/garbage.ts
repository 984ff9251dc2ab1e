import type { Cluster } from './cluster.ts';

const HEARD_MS = 1000;
const LOOK_AGAIN_MS = 1000;

/**
 * The garbage collector at a foreground deletion: what the Deployment owns goes first, and it goes when that is gone, not before
 * a finalizer of a pod is taken off after so long.
 */
export function deleteInForeground(cluster: Cluster, name: string, heldMs: number): void {
  const { agenda, server } = cluster;
  const deployment = server.get('deployment', name);
  if (deployment === undefined) return;
  const generation = deployment.generation + 1;
  const going = server.update('deployment', deployment, { deletingMs: agenda.nowMs, generation });
  const removeSets = (): void => {
    for (const set of server.list('replicaSet')) if (set.deployment === name) server.remove('replicaSet', set.name);
  };
  const end = (): void => {
    const isHeld = server.list('pod').some((pod) => pod.deployment === name);
    if (isHeld) agenda.after(LOOK_AGAIN_MS, end);
    else if (server.get('deployment', name)?.uid === going?.uid) server.remove('deployment', name);
  };
  removeSets();
  // The Deployment controller may make one more before it hears of the deletion.
  agenda.after(HEARD_MS, removeSets);
  agenda.after(Math.max(HEARD_MS + LOOK_AGAIN_MS, heldMs), end);
}

import { labels, stationSelector } from '../../../operator/api/labels.ts';
import type { JsonObject } from '../../../operator/api/kubernetes/json.ts';
import { deleteInForeground } from './garbage.ts';
import { isActive, isStranger } from './objects.ts';
import { kitchen, station } from './raw.ts';
import { deletePod } from './replicasets.ts';
import type { World } from './world.ts';

/** A pod that somebody made by hand with the station's labels, bound to a node at once. */
export function strangerComes({ server, agenda }: World, node: string): void {
  if (server.get('node', node) === undefined) return;
  server.create('pod', {
    name: `by-hand-${server.version}`,
    replicaSet: '',
    replicaSetUid: '',
    deployment: '',
    hash: '',
    labels: stationSelector(kitchen, station),
    containers: [],
    node,
    boundMs: agenda.nowMs,
    running: false,
    ready: false,
    readySinceMs: agenda.nowMs,
    deletingMs: undefined,
    cost: undefined,
    unschedulable: undefined,
    waiting: undefined,
  });
}

/** Somebody changes a label of a pod that its ReplicaSet selects by, to have a look at it: no change of ours. */
export function quarantine({ server, truth }: World, index: number, label: 'template' | 'zone'): void {
  const pods = server.list('pod').filter((pod) => isActive(pod) && !isStranger(pod));
  const pod = pods[index % Math.max(1, pods.length)];
  if (pod === undefined) return;
  truth.excuse(pod.uid);
  const changed =
    label === 'zone' ? { labels: { ...pod.labels, [labels.zone]: 'quarantine' } } : { hash: 'quarantine' };
  server.update('pod', { name: pod.name, uid: pod.uid }, changed);
}

/** Somebody pauses the rollouts of a zone's Deployment. */
export function pauseDeployment({ server }: World, zone: string): void {
  for (const deployment of server.list('deployment').filter(({ name }) => name.endsWith(zone)))
    server.update('deployment', deployment, { paused: true, generation: deployment.generation + 1 });
}

/** Somebody scales a zone's Deployment: its pods that go are no change of ours. */
export function meddle({ server, truth }: World, zone: string, to: number): void {
  for (const deployment of server.list('deployment').filter(({ name }) => name.endsWith(zone))) {
    for (const pod of server.list('pod').filter((each) => each.deployment === deployment.name)) truth.excuse(pod.uid);
    const body = { ...deployment.body, spec: { ...(deployment.body['spec'] as JsonObject), replicas: to } };
    const generation = deployment.generation + 1;
    server.update('deployment', deployment, { body, replicas: to, scaledBy: 'kubectl', generation });
  }
}

/** Somebody deletes a zone's Deployment, to wait for its pods, of which one does not end before so long: no change of ours. */
export function deleteDeployment({ cluster, server, truth }: World, zone: string, forMs: number): void {
  for (const { name, deletingMs } of server.list('deployment').filter((each) => each.name.endsWith(zone))) {
    if (deletingMs !== undefined) continue;
    for (const pod of server.list('pod').filter((each) => each.deployment === name)) truth.excuse(pod.uid);
    deleteInForeground(cluster, name, forMs);
  }
}

/** Somebody deletes a pod, past every budget. */
export function shoot({ cluster, server, truth }: World, index: number): void {
  const pods = server.list('pod').filter(isActive);
  const pod = pods[index % Math.max(1, pods.length)];
  if (pod === undefined) return;
  truth.excuse(pod.uid);
  deletePod(cluster, pod.name);
}

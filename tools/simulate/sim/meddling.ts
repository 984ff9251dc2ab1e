import { labels, stationSelector } from '../../../operator/api/labels.ts';
import { isActive, isStranger } from './objects.ts';
import { kitchen, station } from './raw.ts';
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

import type { Snapshot } from '../../operator/model/snapshot.ts';
import type { NodeView, ZoneDoubt, ZoneView } from '../../operator/model/zone.ts';
import type { PodView } from '../../operator/model/pod.ts';
import type { Child, DeploymentView } from '../../operator/model/child.ts';
import { ours } from '../../operator/plan/station/picture.ts';
import type { StationSpec } from '../../operator/api/station.ts';
import { aNodeView, aPodNode, aPodView, zoneNodes } from './snapshot.ts';
import { healthy } from './served.ts';

/** What happens to a station: the snapshot after it. */
export type Change = (snapshot: Snapshot) => Snapshot;

/** The changes one after the other. */
export function after(snapshot: Snapshot, ...changes: readonly Change[]): Snapshot {
  return changes.reduce((sofar, change) => change(sofar), snapshot);
}

/** The station's spec is changed by its user. */
export function spec(over: Partial<StationSpec>): Change {
  return (snapshot) => ({
    ...snapshot,
    station: { ...snapshot.station, spec: { ...snapshot.station.spec, ...over } },
  });
}

/** Every zone, or the one named, is seen otherwise. */
export function zone(name: string, change: (zone: ZoneView) => ZoneView): Change {
  return (snapshot) =>
    recounted({ ...snapshot, zones: snapshot.zones.map((each) => (each.name === name ? change(each) : each)) });
}

/** The zone's Deployment is seen otherwise. */
export function deployment(name: string, over: Partial<DeploymentView>): Change {
  return zone(name, (each) => ({ ...each, deployment: changed(each.deployment, over) }));
}

/** The pods for which the test holds are seen otherwise. */
export function pods(test: (pod: PodView) => boolean, over: Partial<PodView>): Change {
  return eachPod((pod) => (test(pod) ? { ...pod, ...over } : pod));
}

/** Pods by name. */
export function named(...names: readonly string[]): (pod: PodView) => boolean {
  return (pod) => names.includes(pod.name);
}

/** The node's kubelet is silent: Ready is Unknown, and so its pods are not Ready. */
export function loseNode(name: string, stateMs = 10_000): Change {
  return (snapshot) =>
    after(
      snapshot,
      nodes(name, { state: 'lost', stateMs }),
      podsOf(name, (pod) => ({
        ...pod,
        ...unready,
        node: aPodNode({ name, state: 'lost', stateMs, lostWithIt: true }),
      })),
    );
}

/** The node's Lease is not renewed, and the API still calls node and pods Ready. */
export function suspectNode(name: string, stateMs = 10_000): Change {
  const silent = { name, state: 'suspect', stateMs } as const;
  return (snapshot) =>
    after(
      snapshot,
      nodes(name, silent),
      podsOf(name, (pod) => ({
        ...pod,
        state: pod.ready ? 'doubtful' : pod.state,
        node: aPodNode({ ...silent, lostWithIt: true }),
      })),
    );
}

/** The Node object is gone, its pods are still Ready. */
export function removeNode(name: string): Change {
  return (snapshot) =>
    after(
      {
        ...snapshot,
        zones: snapshot.zones.map((each) => ({
          ...each,
          nodes: zoneNodes(each.nodes.carrying.filter((node) => node.name !== name)),
        })),
      },
      podsOf(name, (pod) => ({
        ...pod,
        state: pod.ready ? 'doubtful' : 'starting',
        node: aPodNode({ name, state: 'gone', stateMs: 1_000, lostWithIt: pod.ready }),
      })),
    );
}

/** The node is cordoned, so long ago. */
export function cordon(name: string, stateMs = 5_000): Change {
  return (snapshot) =>
    after(
      snapshot,
      nodes(name, { state: 'leaving', stateMs }),
      podsOf(name, (pod) => ({
        ...pod,
        state: pod.ready ? 'leaving' : 'starting',
        node: aPodNode({ name, state: 'leaving', stateMs }),
      })),
    );
}

/** The node is leaving, and the scheduler still sends our pods there. */
export function leaveOpen(name: string, stateMs = 5_000): Change {
  return (snapshot) => after(snapshot, cordon(name, stateMs), nodes(name, { isOpen: true }));
}

/** The node is healthy again, so long ago, and its pods are Ready as before; an uncordoned node never went: `undefined`. */
export function healNode(name: string, healedMs: number | undefined): Change {
  return (snapshot) =>
    after(
      snapshot,
      nodes(name, { state: 'healthy', stateMs: healedMs ?? 1_000 }),
      podsOf(name, (pod) => ({ ...pod, ...sure, node: aPodNode({ name, healedMs }) })),
    );
}

/** All nodes of the zone are lost. */
export function loseZone(name: string): Change {
  return (snapshot) => {
    const lost = nodeNames(snapshot, name).map((node) => loseNode(node));
    return after(
      snapshot,
      ...lost,
      zone(name, (each) => ({ ...each, state: 'lost' })),
    );
  };
}

/** All nodes of the zone are suspect. */
export function suspectZone(name: string): Change {
  return (snapshot) =>
    after(
      snapshot,
      ...nodeNames(snapshot, name).map((node) => suspectNode(node)),
      zone(name, (each) => ({ ...each, state: 'lost' })),
    );
}

/** The zone may be dying, although the API calls nodes of it Ready. */
export function doubt(name: string, why: ZoneDoubt): Change {
  return zone(name, (each) => ({ ...each, doubt: why }));
}

/** All nodes of the zone are healthy again. */
export function healZone(name: string, healedMs: number): Change {
  return (snapshot) => {
    const healed = nodeNames(snapshot, name).map((node) => healNode(node, healedMs));
    return after(
      snapshot,
      ...healed,
      zone(name, (each) => ({ ...each, state: 'live' })),
    );
  };
}

/** The pods carry the lowest deletion cost. */
export function mark(...names: readonly string[]): Change {
  return pods(named(...names), { marked: true, markedMs: 5_000 });
}

/** The pods are gone. */
export function remove(...names: readonly string[]): Change {
  const isNamed = named(...names);
  return (snapshot) =>
    recounted({
      ...snapshot,
      zones: snapshot.zones.map((each) => ({ ...each, pods: each.pods.filter((pod) => !isNamed(pod)) })),
    });
}

/** One more pod in the zone, as told; its Deployment is not touched. */
export function addPod(zoneOfPod: string, over: Partial<PodView>): Change {
  return zone(zoneOfPod, (each) => ({
    ...each,
    pods: [...each.pods, aPodView({ replicaSet: ours(each.deployment)?.templateHash ?? 'rs1', ...over })],
  }));
}

/** Every pod that starts on a healthy node is sure, and has been served for long enough. */
export const allReady: Change = pods((pod) => pod.state === 'starting' && pod.node?.state === 'healthy', {
  state: 'sure',
  ready: true,
  readyMs: 60_000,
  servedMs: 60_000,
});

/** The budget's controller has seen its newest figure and counted the Ready pods. */
export function recounted(snapshot: Snapshot): Snapshot {
  const budget = ours(snapshot.budget);
  if (budget === undefined) return snapshot;
  const seen = { observedGeneration: budget.generation, currentHealthy: healthy(snapshot) };
  return { ...snapshot, budget: { ...budget, ...seen } };
}

const unready = { state: 'starting', ready: false, readyMs: 0, servedMs: undefined } as const;
const sure = { state: 'sure', ready: true, readyMs: 10_000, servedMs: 10_000 } as const;

function nodes(name: string, over: Partial<NodeView>): Change {
  return (snapshot) => ({
    ...snapshot,
    zones: snapshot.zones.map((each) => ({
      ...each,
      nodes: zoneNodes(
        each.nodes.carrying.map((node) => (node.name === name ? aNodeView({ ...node, ...over }) : node)),
      ),
    })),
  });
}

function podsOf(node: string, change: (pod: PodView) => PodView): Change {
  return eachPod((pod) => (pod.node?.name === node && pod.state !== 'deleting' ? change(pod) : pod));
}

function eachPod(change: (pod: PodView) => PodView): Change {
  return (snapshot) =>
    recounted({ ...snapshot, zones: snapshot.zones.map((each) => ({ ...each, pods: each.pods.map(change) })) });
}

function nodeNames(snapshot: Snapshot, name: string): readonly string[] {
  const zones = snapshot.zones.filter((each) => each.name === name);
  return zones.flatMap((each) => each.nodes.carrying.map((node) => node.name));
}

function changed(child: Child<DeploymentView>, over: Partial<DeploymentView>): Child<DeploymentView> {
  return child.state === 'ours' ? { ...child, ...over } : child;
}

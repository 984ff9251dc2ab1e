import { declaredPorts } from '../../operator/api/containerPorts.ts';
import type { Snapshot } from '../../operator/model/snapshot.ts';
import type { ZoneView } from '../../operator/model/zone.ts';
import type { PodView } from '../../operator/model/pod.ts';
import type { DeploymentView } from '../../operator/model/child.ts';
import { budgetIntent } from '../../operator/plan/children/budget.ts';
import { ours } from '../../operator/plan/station/picture.ts';
import type { Step } from '../../operator/model/plan.ts';
import type { Intent } from '../../operator/model/intent.ts';
import { planStation } from '../../operator/plan/station/planStation.ts';
import { showZone } from '../../operator/api/zone.ts';
import { allReady, recounted } from './changes.ts';
import { aBudgetView, aPodNode, aPodView } from './snapshot.ts';
import { appliedAs, healthy, heldAs, serviceAsApplied } from './served.ts';

/** A step in a few characters: `budget 8`, `grow zone-a 3→4`, `mark zone-a-pod-1`. */
export function inShort(step: Step): string {
  if (step.kind === 'applyService') return 'service';
  if (step.kind === 'pruneService') return 'prune service';
  if (step.kind === 'dropSelector') return 'drop selector';
  if (step.kind === 'applyBudget') return `budget ${step.minAvailable}`;
  if (step.kind === 'prune') return `prune ${showZone(step.zone)}`;
  if (step.kind === 'tellToTry') return `tell ${showZone(step.zone)} to try`;
  if ('pods' in step) return `${step.kind} ${step.pods.map((pod) => pod.name).join(' ')}`;
  return `${step.kind} ${showZone(step.zone)} ${step.from === step.to ? step.to : `${step.from}→${step.to}`}`;
}

/** What is planned for a snapshot, in short. */
export function stepsOf(snapshot: Snapshot): readonly string[] {
  return planStation(snapshot).steps.map(inShort);
}

/**
 * Plays a station to its end: each pass's steps are written, controllers act on them, then new pods become Ready. Gives the
 * steps of each pass, and the snapshot at which nothing was planned any more.
 */
export function play(snapshot: Snapshot): { readonly passes: readonly (readonly string[])[]; readonly end: Snapshot } {
  const passes: (readonly string[])[] = [];
  let now = snapshot;
  while (passes.length < 60) {
    const { steps } = planStation(now);
    const changed = converged(steps.reduce(applied, now));
    if (steps.length > 0) passes.push(steps.map(inShort));
    else if (isSame(changed, now)) return { passes, end: now };
    now = changed;
  }
  throw new Error(`never settles:\n${passes.map((pass) => pass.join(', ')).join('\n')}`);
}

/** One pass of controllers: what starts is Ready, Deployments have the pods they are told to have, the budget has counted. */
export function converged(snapshot: Snapshot): Snapshot {
  const ready = allReady(snapshot);
  return recounted({ ...ready, zones: ready.zones.map(reconciled) });
}

/** The snapshot once the step is written and before any controller has acted on it. */
export function applied(snapshot: Snapshot, step: Step): Snapshot {
  if (step.kind === 'pruneService') return { ...snapshot, service: { state: 'absent' } };
  if (step.kind === 'dropSelector') return snapshot;
  if (step.kind === 'applyService') {
    return { ...snapshot, service: serviceAsApplied(step.intent) };
  }
  if (step.kind === 'applyBudget') return { ...snapshot, budget: budgetAt(snapshot, step.minAvailable) };
  if (step.kind === 'tellToTry') return snapshot;
  if (step.kind === 'prune') return { ...snapshot, zones: snapshot.zones.filter((zone) => zone.name !== step.zone) };
  if ('intent' in step) {
    return inZone(snapshot, step.zone, (zone) => ({ ...zone, deployment: written(zone, step.intent) }));
  }
  const uids = new Set(step.pods.map((pod) => pod.uid));
  const marked = step.kind === 'mark';
  return inZone(snapshot, step.zone, (zone) => ({
    ...zone,
    pods: zone.pods.map((pod) => (uids.has(pod.uid) ? { ...pod, marked, markedMs: marked ? 5_000 : 0 } : pod)),
  }));
}

/** A write that was decided on another version of the Deployment is refused. */
function written(zone: ZoneView, intent: Intent): ZoneView['deployment'] {
  const before = ours(zone.deployment);
  if (intent.resourceVersion !== undefined && intent.resourceVersion !== before?.resourceVersion)
    return zone.deployment;
  const view = appliedAs(intent, (before?.generation ?? 0) + 1);
  const isOther = before !== undefined && before.templateHash !== view.templateHash;
  const revision = String(Number(before?.revision ?? 1) + (isOther ? 1 : 0));
  return { ...view, revision, observedGeneration: before?.generation ?? 0 };
}

function budgetAt(snapshot: Snapshot, minAvailable: number): Snapshot['budget'] {
  const generation = (ours(snapshot.budget)?.generation ?? 0) + 1;
  const intent = budgetIntent(snapshot, minAvailable);
  return aBudgetView({
    ...heldAs(intent),
    name: intent.name,
    minAvailable,
    generation,
    observedGeneration: generation - 1,
    currentHealthy: healthy(snapshot),
  });
}

/** What the Deployment and ReplicaSet controllers, the scheduler and the kubelets make of a zone in one turn. */
function reconciled(zone: ZoneView): ZoneView {
  const deployment = ours(zone.deployment);
  if (deployment === undefined) return zone;
  const newest = deployment.templateHash ?? 'rs1';
  const alive = zone.pods.filter((pod) => pod.state !== 'deleting');
  const old = alive.filter((pod) => pod.replicaSet !== newest);
  const pods = old.length > 0 ? rolledOn(zone, deployment, alive) : resized(zone, deployment, alive);
  const updated = pods.filter((pod) => pod.replicaSet === newest).length;
  const seen = { observedGeneration: deployment.generation, madeReplicas: pods.length, updatedReplicas: updated };
  return { ...zone, pods, deployment: { ...deployment, ...seen } };
}

/** First the surge beside the old pods, then nothing but new ones. */
function rolledOn(zone: ZoneView, deployment: DeploymentView, alive: readonly PodView[]): readonly PodView[] {
  const newest = deployment.templateHash ?? 'rs1';
  const started = alive.filter((pod) => pod.replicaSet === newest);
  if (started.length === 0) return [...alive, ...fresh(zone, deployment, { many: 1, among: alive })];
  const many = deployment.replicas - started.length;
  return allSure([...started, ...fresh(zone, deployment, { many, among: started })]);
}

function resized(zone: ZoneView, deployment: DeploymentView, alive: readonly PodView[]): readonly PodView[] {
  const missing = deployment.replicas - alive.length;
  if (missing >= 0) return [...alive, ...fresh(zone, deployment, { many: missing, among: alive })];
  const doomed = new Set(alive.toSorted(byDeletion(alive)).slice(0, -missing));
  return alive.filter((pod) => !doomed.has(pod));
}

/** New pods of the newest template, each on the healthy node with the fewest pods, or on none. */
function fresh(
  zone: ZoneView,
  deployment: DeploymentView,
  { many, among }: { readonly many: number; readonly among: readonly PodView[] },
): readonly PodView[] {
  const made: PodView[] = [];
  for (let index = 0; index < many; index++) {
    const all = [...among, ...made];
    const load = (node: string): number => all.filter((pod) => pod.node?.name === node).length;
    const healthyNodes = zone.nodes.carrying.filter((node) => node.state === 'healthy');
    const node = healthyNodes.toSorted((a, b) => load(a.name) - load(b.name))[0];
    made.push(
      aPodView({
        name: unused(`${zone.name}-new-${deployment.generation}`, [...zone.pods, ...made]),
        state: 'starting',
        node: node && aPodNode({ name: node.name }),
        replicaSet: deployment.templateHash ?? 'rs1',
        ports: declaredPorts(deployment.template['spec'] as Parameters<typeof declaredPorts>[0]),
        unschedulable: node === undefined ? { message: '0/1 nodes are available', ageMs: 20_000 } : undefined,
      }),
    );
  }
  return made;
}

/** The name with the first number that no pod has. */
function unused(name: string, pods: readonly PodView[]): string {
  const taken = new Set(pods.map((pod) => pod.name));
  let number = 1;
  while (taken.has(`${name}-${number}`)) number += 1;
  return `${name}-${number}`;
}

/** As a ReplicaSet has it: not Ready, then marked, then the fullest node's, then the youngest. */
function byDeletion(alive: readonly PodView[]): (a: PodView, b: PodView) => number {
  const load = (pod: PodView): number => alive.filter((other) => other.node?.name === pod.node?.name).length;
  return (a, b) =>
    Number(a.ready) - Number(b.ready) ||
    Number(b.marked) - Number(a.marked) ||
    load(b) - load(a) ||
    a.readyMs - b.readyMs;
}

function allSure(pods: readonly PodView[]): readonly PodView[] {
  return pods.map((pod) => ({ ...pod, state: 'sure', ready: true, readyMs: 10_000, servedMs: 10_000 }));
}

function inZone(snapshot: Snapshot, name: string, change: (zone: ZoneView) => ZoneView): Snapshot {
  return { ...snapshot, zones: snapshot.zones.map((zone) => (zone.name === name ? change(zone) : zone)) };
}

function isSame(one: Snapshot, other: Snapshot): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

import { deployments } from '../../../operator/api/kubernetes/resource.ts';
import type { Step } from '../../../operator/model/plan.ts';
import { isActive, isGoing, isStranger } from './objects.ts';
import type { SimPod } from './objects.ts';
import type { World } from './world.ts';

/** Refuses, as a person would who reads the API server without delay, steps that no rule allows; throws and says why. */
export function judge(world: World, step: Step): void {
  judgeDeleting(world, step);
  if (step.kind === 'shrink') judgeShrink(world, new Set(step.victims));
  if (step.kind === 'rollOut') judgeRollOut(world, step.zone);
}

/** Nothing is written to what is being deleted, once that can be known. */
function judgeDeleting({ server, agenda }: World, step: Step): void {
  if (!('intent' in step) || step.intent.resource !== deployments) return;
  const { deletingMs = Infinity } = server.get('deployment', step.intent.name) ?? {};
  if (agenda.nowMs - deletingMs > newsMs)
    throw new Error(`${step.kind} of ${step.intent.name}, which is being deleted`);
}

/** A shrink takes nobody who is needed, and leaves the zones and nodes that may be lost as many as declared. */
function judgeShrink(world: World, victims: ReadonlySet<string>): void {
  const ready = readyPods(world);
  const settled = ready.filter((pod) => world.agenda.nowMs - pod.readySinceMs >= settledMs);
  const after = withoutDoomed(world, ready, victims);
  const demand = world.demandFloor();
  judgeTraffic(world, victims, demand);
  if (after.length === ready.length) return;
  if (after.length < demand) throw new Error(`a shrink leaves ${after.length} of ${demand}`);
  const zoneOf = new Map(world.zones.flatMap((zone) => world.nodesOf(zone).map((node) => [node, zone] as const)));
  const groups = {
    zones: (pod: SimPod) => zoneOf.get(pod.node ?? '') ?? '',
    nodes: (pod: SimPod) => pod.node ?? '',
  };
  for (const kind of ['zones', 'nodes'] as const) {
    const had = mayGo(settled.map(groups[kind]), demand);
    const has = mayGo(after.map(groups[kind]), demand);
    const lost = kind === 'zones' ? world.zones.filter((zone) => !world.isLive(zone)).length : 0;
    const declared = Math.max(0, world.survive[kind] - lost);
    if (has >= Math.min(declared, had)) continue;
    throw new Error(`a shrink leaves ${has} ${kind} that may be lost, it was ${had}, ${declared} are declared`);
  }
}

/** Those that stay: no victim, and nobody that a ReplicaSet has been told to delete, which takes those first that are not Ready. */
function withoutDoomed({ server }: World, ready: readonly SimPod[], victims: ReadonlySet<string>): readonly SimPod[] {
  const active = server.list('pod').filter(isActive);
  return server.list('deployment').flatMap(({ name, replicas }) => {
    const mine = active.filter((pod) => pod.deployment === name);
    const first = mine.filter((pod) => !pod.ready || pod.cost !== undefined).length;
    const doomed = Math.max(0, mine.length - replicas - first);
    const stay = ready.filter((pod) => pod.deployment === name && !victims.has(pod.uid));
    return stay.slice(0, Math.max(0, stay.length - doomed));
  });
}

/** Nobody goes whom traffic goes to before it goes to as many others as demanded, wherever those are. */
function judgeTraffic(world: World, victims: ReadonlySet<string>, demand: number): void {
  const led = ledTo(world);
  const serve = ownPods(world).filter((pod) => isActive(pod) && pod.ready && isReady(world, pod));
  if (!serve.some(({ uid }) => victims.has(uid))) return;
  const known = serve.filter(({ uid }) => led.has(uid) && !victims.has(uid)).length;
  if (known < demand) throw new Error(`a shrink leaves ${known} that traffic goes to, of ${demand}`);
}

function ownPods({ server }: World): readonly SimPod[] {
  return server.list('pod').filter((pod) => !isStranger(pod));
}

function isReady({ server }: World, pod: SimPod): boolean {
  return server.get('node', pod.node ?? '')?.ready === 'True';
}

/** One zone after another: none is begun while another runs two templates, unless that one waits for room and serves nowhere. */
function judgeRollOut(world: World, zone: string): void {
  const serves = new Set(readyPods(world).map(({ deployment }) => deployment));
  for (const { name, status } of world.server.list('deployment')) {
    const isMixed = status.updated !== status.replicas && !name.endsWith(zone);
    const waits = world.server.list('pod').some((pod) => pod.deployment === name && pod.unschedulable !== undefined);
    if (isMixed && (serves.has(name) || (!waits && status.failure === undefined)))
      throw new Error(`${zone} is rolled out to while ${name} is in mid-rollout`);
  }
}

/** Everybody has heard of a change by then. */
const newsMs = 5000;

/** Every node's proxy has heard of an endpoint by then. */
const trafficMs = 3000;

/** Uids of pods that traffic goes to from everywhere. */
function ledTo({ server, agenda }: World): ReadonlySet<string> {
  const endpoints = server.list('slice').flatMap((slice) => slice.endpoints);
  const old = endpoints.filter(({ ready, sinceMs }) => ready && agenda.nowMs - sinceMs >= trafficMs);
  return new Set(old.map(({ uid }) => uid));
}

/** The operator hears of a pod's Ready up to half a second late: of younger pods it cannot know. */
const settledMs = 1000;

/** Pods that the API calls Ready, on nodes that are Ready and open to pods: nobody can know better. */
function readyPods(world: World): readonly SimPod[] {
  return ownPods(world).filter((pod) => {
    const node = world.server.get('node', pod.node ?? '');
    return isActive(pod) && pod.ready && node?.ready === 'True' && !isGoing(node);
  });
}

function mayGo(groupOfPods: readonly string[], demand: number): number {
  const loads = [...Map.groupBy(groupOfPods, (group) => group).values()].map((pods) => pods.length);
  let spare = groupOfPods.length - demand;
  let many = 0;
  for (const load of loads.toSorted((a, b) => b - a)) {
    spare -= load;
    if (spare < 0) return many;
    many += 1;
  }
  return Number.POSITIVE_INFINITY;
}

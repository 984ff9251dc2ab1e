import { deployments } from '../../../operator/api/kubernetes/resource.ts';
import type { Step } from '../../../operator/model/plan.ts';
import { isActive, isGoing, isStranger } from './objects.ts';
import type { SimPod } from './objects.ts';
import type { Stock } from './server.ts';
import type { World } from './world.ts';

/** A step that is about to be sent, and what it rests on: the API server as it is, or as it was at the last look before. */
export interface Case {
  readonly world: World;
  readonly seen: Stock;
}

/** Refuses, as a person would who reads the API server without delay, steps that no rule allows; throws and says why. */
export function judge(of: Case, step: Step): void {
  judgeDeleting(of, step);
  if (step.kind === 'shrink') judgeShrink(of, new Set(step.victims));
  if (step.kind === 'rollOut') judgeRollOut(of, step.zone);
}

/** Nothing is written to what is being deleted, once that can be known. */
function judgeDeleting({ seen, world: { agenda } }: Case, step: Step): void {
  if (!('intent' in step) || step.intent.resource !== deployments) return;
  const { deletingMs = Infinity } = seen.get('deployment', step.intent.name) ?? {};
  if (agenda.nowMs - deletingMs > newsMs)
    throw new Error(`${step.kind} of ${step.intent.name}, which is being deleted`);
}

/** A shrink takes nobody who is needed, and leaves the zones and nodes that may be lost as many as declared. */
function judgeShrink(of: Case, victims: ReadonlySet<string>): void {
  const { world } = of;
  const ready = readyPods(of);
  const settled = ready.filter((pod) => world.agenda.nowMs - pod.readySinceMs >= settledMs);
  const after = withoutDoomed(of, ready, victims);
  const demand = world.demandFloor();
  judgeTraffic(of, victims, demand);
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
    const lost = kind === 'zones' ? world.zones.filter((zone) => isSpent(world, zone)).length : 0;
    const declared = Math.max(0, world.survive[kind] - lost);
    if (has >= Math.min(declared, had)) continue;
    throw new Error(`a shrink leaves ${has} ${kind} that may be lost, it was ${had}, ${declared} are declared`);
  }
}

/** Those that stay: no victim, and nobody that a ReplicaSet has been told to delete, which takes those first that are not Ready. */
function withoutDoomed({ seen }: Case, ready: readonly SimPod[], victims: ReadonlySet<string>): readonly SimPod[] {
  const active = seen.list('pod').filter(isActive);
  return seen.list('deployment').flatMap(({ name, replicas }) => {
    const mine = active.filter((pod) => pod.deployment === name);
    const first = mine.filter((pod) => !pod.ready || pod.cost !== undefined).length;
    const doomed = Math.max(0, mine.length - replicas - first);
    const stay = ready.filter((pod) => pod.deployment === name && !victims.has(pod.uid));
    return stay.slice(0, Math.max(0, stay.length - doomed));
  });
}

/** Nobody goes whom traffic goes to before it goes to as many others as demanded, wherever those are. */
function judgeTraffic(of: Case, victims: ReadonlySet<string>, demand: number): void {
  const led = ledTo(of);
  const serve = ownPods(of).filter((pod) => isActive(pod) && pod.ready && isReady(of, pod));
  if (!serve.some(({ uid }) => victims.has(uid))) return;
  const known = serve.filter(({ uid }) => led.has(uid) && !victims.has(uid)).length;
  if (known < demand) throw new Error(`a shrink leaves ${known} that traffic goes to, of ${demand}`);
}

function ownPods({ seen }: Case): readonly SimPod[] {
  return seen.list('pod').filter((pod) => !isStranger(pod));
}

function isReady({ seen }: Case, pod: SimPod): boolean {
  return seen.get('node', pod.node ?? '')?.ready === 'True';
}

/**
 * One zone after another: none is begun while another runs two templates, unless that one waits for room and serves nowhere,
 * or requests are to leave it.
 */
function judgeRollOut(of: Case, zone: string): void {
  const serves = new Set(readyPods(of).map(({ deployment }) => deployment));
  const left = of.world.zones.filter((each) => of.world.declared.wasShiftedWithin(each, newsMs));
  for (const { name, status } of of.seen.list('deployment')) {
    if (left.some((each) => name.endsWith(each))) continue;
    const isMixed = status.updated !== status.replicas && !name.endsWith(zone);
    const waits = of.seen.list('pod').some((pod) => pod.deployment === name && pod.unschedulable !== undefined);
    if (isMixed && (serves.has(name) || (!waits && status.failure === undefined)))
      throw new Error(`${zone} is rolled out to while ${name} is in mid-rollout`);
  }
}

/** Everybody has heard of a change by then. */
const newsMs = 5000;

/** Every node's proxy has heard of an endpoint by then. */
const trafficMs = 3000;

/** Uids of pods that traffic goes to from everywhere. */
function ledTo({ seen, world: { agenda } }: Case): ReadonlySet<string> {
  const endpoints = seen.list('slice').flatMap((slice) => slice.endpoints);
  const old = endpoints.filter(({ ready, sinceMs }) => ready && agenda.nowMs - sinceMs >= trafficMs);
  return new Set(old.map(({ uid }) => uid));
}

/** The operator hears of a pod's Ready up to half a second late: of younger pods it cannot know. */
const settledMs = 1000;

/** Pods that the API calls Ready, on nodes that are Ready and open to pods: nobody can know better. */
function readyPods(of: Case): readonly SimPod[] {
  const shifted = new Set(shiftedZones(of.world).flatMap((zone) => of.world.nodesOf(zone)));
  return ownPods(of).filter((pod) => {
    const node = of.seen.get('node', pod.node ?? '');
    return !shifted.has(pod.node ?? '') && isActive(pod) && pod.ready && node?.ready === 'True' && !isGoing(node);
  });
}

/** The zone is lost, or may just have been shifted: that is known at once, or a moment later. */
function isSpent(world: World, zone: string): boolean {
  return !world.isLive(zone) || world.declared.wasShiftedWithin(zone, newsMs);
}

/** Zones that requests leave, whose pods serve nobody; none where that would be all that live. */
function shiftedZones(world: World): readonly string[] {
  const live = world.zones.filter((zone) => world.isLive(zone));
  const shifted = live.filter((zone) => (world.declared.shiftedForMs(zone) ?? 0) > newsMs);
  return shifted.length === live.length ? [] : shifted;
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

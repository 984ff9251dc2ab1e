/*
 * Guard: refuses a shrink that would cut demand or a declared loss, since a ReplicaSet deletes pods without asking any
 * budget.
 *
 * For a shrink of zone z from r to r', with C, N and A as in picture.ts, and the victims counted in N:
 *
 *   sure_z(r') = max(0, C − max(0, A − r' − N))        other zones: min(r, sure_z(r))
 *
 * A pod counts in the zone that its node is in now. The shrink passes only if
 *
 * - Σ sure afterwards ≥ D;
 * - afterwards at least min(declared, before) losses are survived, whether the suspect nodes are dead or not;
 * - nothing is in flight in z. A shrink during a rollout is spread over the ReplicaSets in proportion, and hits the
 *   largest, which is the healthy one (9 → 8 took ready from 9 to 7). But a zone whose rollout finds no room, or that
 *   is stuck (stuckZone.ts), may shrink when none of its Ready pods is counted on: then it does not matter which pods
 *   go.
 *
 * Hard part: the budget comes last (budgetAwaits). It must have set the victims apart and its controller must have seen
 * that, because the eviction API trusts a counter (a shrink and an eviction within 5 ms left none of two Ready).
 *
 * Example: D is 6 and 9 pods are sure, 3 in each zone; one zone may be lost. A shrink of zone-a to 2 would leave 8, and
 * then a loss of zone-b would leave 5. It is refused.
 */
import type { Margins, PlacedPod } from './survival.ts';
import type { Picture, ZonePicture } from './picture.ts';
import { diesFirst, ours } from './picture.ts';
import { count } from '../../model/words.ts';
import type { PodView } from '../../model/pod.ts';
import { isOut } from '../../model/zone.ts';
import { isStuckForRoom } from './room.ts';
import { saysStuck } from './rules/stuckZone.ts';
import { marginsOf } from './survival.ts';
import { settlesInMs, trustedPods } from './rules/trust.ts';
import { showZone } from '../../api/zone.ts';

/** A shrink that is being considered. */
export interface Shrinkage {
  readonly zone: ZonePicture;
  readonly to: number;
  /** Ready pods that go. They count as marked already. */
  readonly victims: readonly PodView[];
  /** Pods on nodes that came back count only after this many ms; 0: at once. */
  readonly healedMs: number;
}

/** Why a rule may not act now, and when to look again. */
export interface GuardRefusal {
  readonly why: string;
  readonly lookAgainMs: number | undefined;
}

/** Why the shrink is refused, apart from the budget; undefined when it may be done. */
export function guardRefuses(picture: Picture, shrinkage: Shrinkage): GuardRefusal | undefined {
  const flying = inFlight(shrinkage.zone, shrinkage.victims);
  if (flying !== undefined) return { why: flying, lookAgainMs: undefined };
  const otherwise = asFalseAlarm(picture);
  return tooFewLeft(picture, shrinkage) ?? (otherwise && tooFewLeft(otherwise, shrinkage));
}

function tooFewLeft(picture: Picture, shrinkage: Shrinkage): GuardRefusal | undefined {
  const trust = { healedMs: shrinkage.healedMs, evenIfMarked: shrinkage.victims };
  // Pods that are about to count are worth keeping, so they count before. They cannot be relied on yet, so they do not
  // count after.
  const before = trustedPods(picture, { ...trust, evenIfNew: true });
  const after = withoutVictims(trustedPods(picture, { ...trust, evenIfNew: false }), shrinkage);
  const lookAgainMs = settlesInMs(picture, shrinkage.healedMs);
  const left = after.length - unlucky(shrinkage);
  if (left < picture.demand) {
    return { why: `it would leave ${left} pods to count on, and demand is ${picture.demand}`, lookAgainMs };
  }
  const lost = lostMargin(picture, marginsOf(before, picture.demand), marginsOf(after, picture.demand));
  return lost === undefined ? undefined : { why: lost, lookAgainMs };
}

/** Whether its node is suspect, and the API calls the pod Ready: it serves if that is a false alarm. */
function mayServe({ state, node }: PodView): boolean {
  return state === 'doubtful' && node?.state === 'suspect';
}

/** The picture if no suspect node is dead; undefined without one that matters. */
function asFalseAlarm(picture: Picture): Picture | undefined {
  if (!picture.zones.some(({ alive }) => alive.some(mayServe))) return undefined;
  const zones = picture.zones.map((zone): ZonePicture => {
    const alive = zone.alive.map((pod) => (mayServe(pod) ? { ...pod, state: 'sure' as const } : pod));
    const isOnlySuspected = zone.view.state === 'lost' && zone.view.nodes.suspect > 0;
    return { ...zone, alive, view: isOnlySuspected ? { ...zone.view, state: 'live' } : zone.view };
  });
  return { ...picture, zones };
}

/** What the budget has yet to do before pods may go; undefined once its controller has seen `minAvailable` healthy. */
export function budgetAwaits(picture: Picture, minAvailable: number): string | undefined {
  const unseen = budgetUnseen(picture, minAvailable);
  const budget = ours(picture.snapshot.budget);
  if (unseen !== undefined || budget?.minAvailable === undefined) return unseen;
  if (budget.currentHealthy < budget.minAvailable) {
    return `the budget counts only ${budget.currentHealthy} healthy pods and must keep ${budget.minAvailable}`;
  }
  return undefined;
}

/** Why the budget’s controller has not seen yet that it is to keep `minAvailable`; undefined once it has. */
export function budgetUnseen(picture: Picture, minAvailable: number): string | undefined {
  if (picture.snapshot.budget.state === 'deleting') return 'the budget is being deleted';
  const budget = ours(picture.snapshot.budget);
  if (budget?.minAvailable === undefined) return 'the budget is not in place yet';
  if (budget.minAvailable < minAvailable) return `the budget does not keep ${minAvailable} ready yet`;
  if (budget.observedGeneration < budget.generation) return 'the budget’s controller has not seen its newest figure';
  return undefined;
}

/** What has not settled in a zone, in words. Undefined when all has, or when it does not matter to the pods that stay. */
export function inFlight(zone: ZonePicture, going: readonly PodView[] = []): string | undefined {
  const { deployment, alive, replicas } = zone;
  const name = showZone(zone.name);
  if (deployment === undefined) return `${name} has no Deployment`;
  if (deployment.observedGeneration < deployment.generation)
    return `the Deployment in ${name} has not seen its newest spec`;
  const stuck = saysStuck(zone);
  const isStuck = stuck !== undefined || isStuckForRoom(zone);
  if (isStuck && alive.every((pod) => !pod.ready || going.includes(pod))) return undefined;
  if (stuck !== undefined) return stuck;
  if (zone.rolling) return `a rollout is under way in ${name}`;
  if (alive.length !== replicas && deployment.replicaFailure === undefined) {
    return `${name} has ${count(alive.length, 'pod')} and is told to have ${replicas}`;
  }
  return undefined;
}

function withoutVictims(
  before: readonly (PlacedPod & { readonly uid: string })[],
  { victims }: Shrinkage,
): readonly PlacedPod[] {
  const gone = new Set(victims.map((pod) => pod.uid));
  return before.filter((pod) => !gone.has(pod.uid));
}

/** How many pods that count would go as well, because too few other pods are deleted before them. */
function unlucky({ zone, to, victims }: Shrinkage): number {
  const gone = new Set(victims.map((pod) => pod.uid));
  const first = zone.alive.filter((pod) => diesFirst(pod) || gone.has(pod.uid)).length;
  return Math.max(0, zone.alive.length - to - first);
}

function lostMargin(picture: Picture, before: Margins, after: Margins): string | undefined {
  const { survive } = picture.snapshot.station.spec;
  const lost = picture.zones.filter(({ view }) => view.declared && isOut(view)).length;
  const declared: Margins = { ...survive, zones: Math.max(0, survive.zones - lost) };
  for (const kind of ['zones', 'nodes', 'pods'] as const) {
    if (after[kind] >= Math.min(declared[kind], before[kind])) continue;
    return `it would survive the loss of ${count(after[kind], kind.slice(0, -1))} instead of ${Math.min(declared[kind], before[kind])}`;
  }
  return undefined;
}

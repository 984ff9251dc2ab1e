/*
 * The guard: every shrink of ours goes through it, since deletes by a ReplicaSet bypass budgets. For the zone z that goes
 * from r to r', with C, N and A as in picture.ts and the victims counted in N:
 *
 *   sure_z(r') = max(0, C − max(0, A − r' − N))        other zones: min(r, sure_z(r))
 *
 * A pod counts in the zone that its node is in now. It passes only if Σ sure afterwards ≥ D, what is survived afterwards is
 * at least min(declared, before), and nothing is in flight in z: a shrink in mid-rollout is proportional and falls on the
 * largest, the healthy ReplicaSet (9 → 8 took ready from 9 to 7). A zone stuck in mid-rollout, for want of room or for good
 * (stuckZone.ts), may shrink all the same once none of its Ready pods is counted on: whichever go then, nobody misses them.
 * The budget comes last (budgetAwaits): it must have set the victims
 * apart and its controller must have seen it, because the eviction API trusts a counter (a shrink and an eviction within 5
 * ms left none of two ready).
 */
import type { Margins, PlacedPod } from './survival.ts';
import type { Picture, ZonePicture } from './picture.ts';
import { count, diesFirst, ours } from './picture.ts';
import type { PodView } from '../model/pod.ts';
import { isStuckForRoom } from './room.ts';
import { saysStuck } from './stuckZone.ts';
import { marginsOf } from './survival.ts';
import { settlesInMs, trustedPods } from './trust.ts';
import { showZone } from '../api/zone.ts';

/** A shrink that is being considered. */
export interface Shrinkage {
  readonly zone: ZonePicture;
  readonly to: number;
  /** Ready pods that go; they count as marked already. */
  readonly victims: readonly PodView[];
  /** Pods on nodes that came back count only after this long; 0: at once. */
  readonly healedMs: number;
}

/** Why a rule may not act now. */
export interface Refusal {
  readonly why: string;
  readonly lookAgainMs: number | undefined;
}

/** Why the shrink must not be, budget aside; undefined when nothing speaks against it. */
export function guardRefuses(picture: Picture, shrinkage: Shrinkage): Refusal | undefined {
  const flying = inFlight(shrinkage.zone, shrinkage.victims);
  if (flying !== undefined) return { why: flying, lookAgainMs: undefined };
  const trust = { healedMs: shrinkage.healedMs, evenIfMarked: shrinkage.victims };
  // A pod that is about to count is worth keeping already, and not yet worth relying on.
  const before = trustedPods(picture, { ...trust, evenIfNew: true });
  const after = withoutVictims(trustedPods(picture, { ...trust, evenIfNew: false }), shrinkage);
  const lookAgainMs = settlesInMs(picture, shrinkage.healedMs);
  const left = after.length - unlucky(shrinkage);
  if (left < picture.demand) {
    return { why: `it would leave ${left} of ${picture.demand} that may be counted on`, lookAgainMs };
  }
  const lost = lostMargin(picture, marginsOf(before, picture.demand), marginsOf(after, picture.demand));
  return lost === undefined ? undefined : { why: lost, lookAgainMs };
}

/** What the budget has yet to do before pods may go; undefined once its controller has seen `minAvailable`. */
export function budgetAwaits(picture: Picture, minAvailable: number): string | undefined {
  if (picture.snapshot.budget.state === 'deleting') return 'the budget is being deleted';
  const budget = ours(picture.snapshot.budget);
  if (budget?.minAvailable === undefined) return 'the budget is not in place yet';
  if (budget.minAvailable < minAvailable) return `the budget has yet to keep ${minAvailable} ready`;
  if (budget.observedGeneration < budget.generation) return 'the budget’s controller has not seen its newest figure';
  if (budget.currentHealthy < budget.minAvailable) {
    return `the budget counts ${budget.currentHealthy} healthy and keeps ${budget.minAvailable}`;
  }
  return undefined;
}

/** What has not settled in a zone, in words; undefined when it has, or when it does not matter to the pods that stay. */
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

/** Pods that count and would go all the same, because too few die before them. */
function unlucky({ zone, to, victims }: Shrinkage): number {
  const gone = new Set(victims.map((pod) => pod.uid));
  const first = zone.alive.filter((pod) => diesFirst(pod) || gone.has(pod.uid)).length;
  return Math.max(0, zone.alive.length - to - first);
}

function lostMargin(picture: Picture, before: Margins, after: Margins): string | undefined {
  const { survive } = picture.snapshot.station.spec;
  const lost = picture.zones.filter((zone) => zone.view.declared && zone.view.state === 'lost').length;
  const declared: Margins = { ...survive, zones: Math.max(0, survive.zones - lost) };
  for (const kind of ['zones', 'nodes', 'pods'] as const) {
    if (after[kind] >= Math.min(declared[kind], before[kind])) continue;
    return `it would survive the loss of ${count(after[kind], kind.slice(0, -1))} instead of ${Math.min(declared[kind], before[kind])}`;
  }
  return undefined;
}

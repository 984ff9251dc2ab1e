/**
 * The Deployment controller's arithmetic, as in Kubernetes' `pkg/controller/deployment` (`rolling.go`, `sync.go`,
 * `util/deployment_util.go`): numbers in, the sizes its ReplicaSets are given out.
 */
export interface Sized {
  readonly name: string;
  readonly createdMs: number;
  readonly replicas: number;
  readonly available: number;
  /** `replicas` + surge of the Deployment when this one was last scaled. */
  readonly most: number;
}

export type Sizes = ReadonlyMap<string, number>;

/** Surge in pods: a percentage is rounded up. */
export function surgePods(surge: number | string, replicas: number): number {
  return typeof surge === 'number' ? surge : Math.ceil((Number.parseInt(surge, 10) * replicas) / 100);
}

/** A change of `replicas` in mid-rollout: in proportion to size, and what is left over goes to the largest. */
export function proportional(sets: readonly Sized[], replicas: number, surge: number): Sizes {
  const active = sets.filter((set) => set.replicas > 0);
  const total = sum(active);
  const room = replicas > 0 ? replicas + surge : 0;
  const change = room - total;
  const newestFirst = change > 0 ? -1 : 1;
  const ordered = active.toSorted((a, b) => b.replicas - a.replicas || newestFirst * (a.createdMs - b.createdMs));
  const sizes = new Map<string, number>();
  let given = 0;
  for (const set of ordered) {
    const share = portion(set, { replicas, surge, change, given });
    given += share;
    sizes.set(set.name, set.replicas + share);
  }
  const largest = ordered[0];
  if (largest !== undefined) sizes.set(largest.name, Math.max(0, (sizes.get(largest.name) ?? 0) + change - given));
  return sizes;
}

/** The new ReplicaSet's next size in a rolling update. */
export function newSize(sets: readonly Sized[], current: number, wanted: { replicas: number; surge: number }): number {
  if (current >= wanted.replicas) return wanted.replicas;
  const room = wanted.replicas + wanted.surge - sum(sets);
  return room <= 0 ? current : current + Math.min(room, wanted.replicas - current);
}

/**
 * The old ReplicaSets' next sizes, where `least` pods are to stay available, replicas − `maxUnavailable`: first pods that are not available go, then as many as the new ones replace. A status
 * that has not yet seen the last step (more available than wanted) ends the round.
 */
export function oldSizes(allOld: readonly Sized[], fresh: Sized, least: number): Sizes {
  const old = allOld.filter((set) => set.replicas > 0).toSorted((a, b) => a.createdMs - b.createdMs);
  const sizes = new Map(old.map((set) => [set.name, set.replicas]));
  const most = sum(old) + fresh.replicas - least - (fresh.replicas - fresh.available);
  if (old.length === 0 || most <= 0) return sizes;
  let cleaned = 0;
  for (const set of old) {
    if (cleaned >= most) break;
    if (set.available > set.replicas) return sizes;
    const unhealthy = Math.min(most - cleaned, set.replicas - set.available);
    cleaned += unhealthy;
    sizes.set(set.name, set.replicas - unhealthy);
  }
  let spare = old.reduce((total, set) => total + set.available, fresh.available) - least;
  for (const set of old) {
    const size = sizes.get(set.name) ?? 0;
    const fewer = Math.max(0, Math.min(size, spare));
    spare -= fewer;
    sizes.set(set.name, size - fewer);
  }
  return sizes;
}

function portion(set: Sized, at: { replicas: number; surge: number; change: number; given: number }): number {
  const left = at.change - at.given;
  if (set.replicas === 0 || at.change === 0 || left === 0) return 0;
  const fraction = fractionOf(set, at);
  return at.change > 0 ? Math.min(fraction, left) : Math.max(fraction, left);
}

function fractionOf(set: Sized, at: { replicas: number; surge: number }): number {
  if (at.replicas === 0) return -set.replicas;
  if (set.most === 0) return 0;
  return Math.round((set.replicas * (at.replicas + at.surge)) / set.most) - set.replicas;
}

const sum = (sets: readonly Sized[]): number => sets.reduce((total, set) => total + set.replicas, 0);

/** Requests of one pod that one hub may have open, while nobody knows how fast the pod answers. */
const UNKNOWN_PER_POD = 64;

/**
 * The most requests that one hub may have open to `pods` pods. Without a bound, retries in an overload multiply it: at
 * 1.3 times the capacity, all requests failed until long after its end (measured; docs/decisions/0033-hub.md). It is not
 * divided by the hubs: all clients may be on one node, and so behind one hub.
 *
 * B = 64 × pods, rounded up to a power of two: Envoy replaces a cluster whose bound changes, and most pods that come or
 * go then change nothing.
 */
export function boundOf(pods: number): number {
  return 2 ** Math.ceil(Math.log2(UNKNOWN_PER_POD * Math.max(1, pods)));
}

/** The bound to go on with: it rises at once, and falls only to a quarter or less, since a change replaces the cluster. */
export function steadyBound(before: number | undefined, now: number): number {
  return before !== undefined && now <= before && now > before / 4 ? before : now;
}

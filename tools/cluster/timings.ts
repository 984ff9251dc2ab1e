/** How long things take on the cluster, in seconds unless named otherwise. */
export type Timings = {
  /** From a pod's node being chosen to Ready, in ms. */
  readonly podStartMs: number;
  /** Silence after which a node counts as not ready. */
  readonly graceSeconds: number;
  /** How long pods are left on a node that is not ready or not reachable. */
  readonly tolerationSeconds: number;
};

/** Kubernetes' own grace and toleration. */
export const defaultTimings: Timings = { podStartMs: 2000, graceSeconds: 50, tolerationSeconds: 300 };

/** A node renews its Lease at a quarter of the Lease's duration: 10 s as a kubelet does, sooner when the grace is short. */
export function leaseSeconds(graceSeconds: number): number {
  return Math.max(4, Math.min(40, Math.floor((graceSeconds * 4) / 5)));
}

/** How often the node controller looks: 5 s as by default, sooner when the grace is short. */
export function monitorPeriodSeconds(graceSeconds: number): number {
  return Math.max(1, Math.min(5, Math.floor(graceSeconds / 8)));
}

/** `2s`, `1500ms`, `1m` or a bare number of seconds, in ms. Throws on anything else. */
export function parseDurationMs(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text);
  if (match === null) throw new Error(`"${text}" is no duration: write 500ms, 2s or 1m`);
  return Math.round(Number(match[1]) * { ms: 1, s: 1000, m: 60_000 }[match[2] ?? 's']!);
}

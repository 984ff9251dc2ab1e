/*
 * Thresholds: ages in ms that both `observe` and `plan` use. `observe` looks again when one is reached, and `plan` acts
 * on it.
 */

/**
 * A pod without a node for this long finds no room. Earlier the scheduler often still finds a node: one from an
 * autoscaler, or the place of a pod that has just left.
 */
export const NO_ROOM_MS = 15_000;

/** Caps of full zones make pods elsewhere surplus. Those may go only when the same zones have been full for this long. */
export const FULL_MS = 60_000;

/**
 * Pods end as Failed for this long and none is Ready. A node may refuse one pod by mistake: this is long enough to
 * replace that pod.
 */
export const FAILING_MS = 10_000;

/** A refusal that lasts this long is no race between two objects of one apply. */
export const DENIED_MS = 30_000;

/** Pulling an image or starting a container fails now and then. Only when it fails for this long is the template at fault. */
export const STUCK_MS = 60_000;

/** A node has not renewed its Lease for this long and is still called Ready: then people are told. */
export const SILENT_FOR_LONG_MS = 300_000;

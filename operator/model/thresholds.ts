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
 * When pods have ended as Failed for this long and none is Ready, the template is at fault. It is long enough to
 * replace a single pod that a node refused by mistake.
 */
export const FAILING_MS = 10_000;

/** A refusal that lasts this long is not just a race, such as a ServiceAccount that comes later in the same apply. */
export const DENIED_MS = 30_000;

/** Pulling an image or starting a container fails now and then. Only when it fails for this long is the template at fault. */
export const STUCK_MS = 60_000;

/** When a node has not renewed its Lease for this long and the API still says Ready, a condition names it. */
export const SILENT_FOR_LONG_MS = 300_000;

/** Hubs that are asked for and not listed for this long are told of: before, they may be on their way. */
export const HUB_MISSING_MS = 15_000;

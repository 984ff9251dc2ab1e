/*
 * Ages, in ms, that both `observe` and `plan` go by: `observe` looks again when one is reached, and `plan` acts on it.
 */

/** A pod that has found no node for this long is without room. Before, the scheduler often finds some: an autoscaler's node, or one that a pod just left. */
export const NO_ROOM_MS = 15_000;

/** The same zones have to be full for this long before what their caps made surplus may go. */
export const FULL_MS = 60_000;

/** Pods that end as Failed for so long while none is Ready: long enough for one that a node refused by mistake to be replaced. */
export const FAILING_MS = 10_000;

/** A refusal that stands for so long is no race between two objects of one apply. */
export const DENIED_MS = 30_000;

/** Pulling an image and starting fail now and then: only what goes on for so long is the template's fault. */
export const STUCK_MS = 60_000;

/** People are told of a node that has not renewed its Lease for so long and is still called Ready. */
export const SILENT_FOR_LONG_MS = 300_000;

import type { World } from '../../tools/simulate/sim/world.ts';

/** A zone counts as returning for 2 min after its shift, and what others made for it goes then. */
const BACK_MS = 180_000;

/** Runs until no requests are to leave a zone any more, and each zone has been back for long enough. */
export async function shiftsToEnd(world: World): Promise<void> {
  const leftMs = Math.max(0, ...world.declared.shifts.values());
  if (leftMs > 0) await world.run(leftMs + BACK_MS);
}

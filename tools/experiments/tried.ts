import type { ExperimentName } from './experiments.ts';
import { play } from './play.ts';
import type { Outcome } from './play.ts';
import type { Stage } from './stage.ts';

/**
 * How often an experiment may be repeated, and how long to wait for the plain Deployment after the Kitchen has
 * recovered.
 */
export interface Trying {
  readonly tries: number;
  readonly patienceMs?: number;
}

/**
 * Does an experiment on a healthy Kitchen. It repeats it if the control service failed requests: then the machine was
 * too busy.
 */
export async function tried(stage: Stage, name: ExperimentName, { tries, patienceMs }: Trying): Promise<Outcome> {
  for (let left = tries; ; left -= 1) {
    await stage.restore();
    await stage.until('both services are whole', (seen) => stage.isCalm(seen));
    const outcome = await play(stage, name, patienceMs);
    if (outcome.control.failed === 0 || left <= 1) return outcome;
    console.error(
      `the machine was too busy for ${outcome.control.failed} requests to a service that nothing was done to; once more`,
    );
  }
}

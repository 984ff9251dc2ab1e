import { Chance } from '../../simulate/sim/chance.ts';
import type { Method } from '../traffic/result.ts';
import { zones } from './cases.ts';
import type { LoadCase, Zone } from './cases.ts';

/** A request that is to come up in a zone. */
export interface Arrival {
  /** From the beginning. */
  readonly atMs: number;
  readonly zone: Zone;
  readonly method: Method;
}

/** Rates are looked at so often: they change in steps. */
const STEP_S = 1;

/**
 * The requests of a case, by time: in each second of each zone they come at random (a Poisson process given its number). The
 * random numbers are the same for all ways that are compared.
 */
export function arrivalsOf({ ratesAt, seconds }: Pick<LoadCase, 'ratesAt' | 'seconds'>): readonly Arrival[] {
  const chance = new Chance(1);
  const arrivals = Array.from({ length: seconds / STEP_S }, (_, step) =>
    zones.flatMap((zone) =>
      Array.from({ length: ratesAt(step * STEP_S)[zone] * STEP_S }, (): Arrival => ({
        atMs: (step + chance.next()) * STEP_S * 1000,
        zone,
        method: chance.next() < 0.2 ? 'POST' : 'GET',
      })),
    ),
  );
  return arrivals.flat().toSorted((a, b) => a.atMs - b.atMs);
}

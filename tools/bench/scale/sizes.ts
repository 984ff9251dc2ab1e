import { subjects } from './result.ts';
import type { Run, Size, Subject } from './result.ts';

/** From this many Kitchens on an older commit is not measured: it does not end. */
const TOO_MANY_FOR_AGAINST = 1_000;
/** Up to this many Kitchens calm runs are made: above, their figures say nothing new. */
const MOST_CALM = 100;

/**
 * Which sizes are meant: lists of equal length are read in pairs (`100,300` and `1,30`: 100 in 1, 300 in 30). One value
 * on either side goes with every value on the other. Throws when the lists fit in no such way, and when a namespace
 * would be empty.
 */
export function sizesOf(kitchens: readonly number[], namespaces: readonly number[]): readonly Size[] {
  const many = Math.max(kitchens.length, namespaces.length);
  for (const list of [kitchens, namespaces]) {
    if (list.length === 1 || list.length === many) continue;
    throw new Error(
      `--kitchens has ${kitchens.length} values and --namespaces ${namespaces.length}: give as many of both, or one of either`,
    );
  }
  return Array.from({ length: many }, (_, index) => {
    const size = { kitchens: valueAt(kitchens, index), namespaces: valueAt(namespaces, index) };
    if (size.namespaces > size.kitchens)
      throw new Error(`${size.kitchens} Kitchens cannot fill ${size.namespaces} namespaces`);
    return size;
  });
}

function valueAt(list: readonly number[], index: number): number {
  return (list.length === 1 ? list[0] : list[index]) ?? 0;
}

/** Which runs are wanted. */
export interface Wanted {
  readonly sizes: readonly Size[];
  readonly runs: number;
  readonly floor: boolean;
  readonly against: boolean;
  readonly onlyZone: boolean;
}

/** All runs in order: size by size, and within a size alternating, so that a change of the machine touches all alike. */
export function runsOf({ sizes, runs, floor, against, onlyZone }: Wanted): readonly Run[] {
  return sizes.flatMap((size) => {
    const whos = subjects.filter(
      (who) => (who !== 'floor' || floor) && (who !== 'against' || (against && isForAgainst(size))),
    );
    const isCalm = (who: Subject): boolean =>
      !onlyZone && size.kitchens <= MOST_CALM && (who === 'now' || who === 'against');
    return Array.from({ length: runs }, (_, index) => index + 1).flatMap((run): readonly Run[] => [
      ...whos.map((who): Run => ({ kind: 'zone', ...size, who, run })),
      ...whos.filter(isCalm).map((who): Run => ({ kind: 'calm', ...size, who, run })),
    ]);
  });
}

/** Whether an older commit is measured at this size. */
export function isForAgainst({ kitchens }: Size): boolean {
  return kitchens < TOO_MANY_FOR_AGAINST;
}

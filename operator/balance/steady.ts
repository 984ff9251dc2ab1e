import type { ZoneShares } from '../traffic/form.ts';

/** Shares that moved by less are not told: each telling costs every hub and the operator work. */
const TOLD_STEP = 0.02;

/**
 * The shares that hubs are to have: those that they were told, until one has moved by two points, or a zone comes or goes.
 * As whole points, so that two hubs of one zone get one answer.
 */
export function steadyShares(told: ZoneShares | undefined, now: ZoneShares): ZoneShares {
  return told !== undefined && isClose(told, now) ? told : rounded(now);
}

function isClose(told: ZoneShares, now: ZoneShares): boolean {
  return (
    told.size === now.size &&
    [...now].every(([hubZone, shares]) => {
      const before = told.get(hubZone);
      return (
        before?.size === shares.size &&
        [...shares].every(([zone, share]) => Math.abs(share - (before.get(zone) ?? Infinity)) < TOLD_STEP)
      );
    })
  );
}

function rounded(shares: ZoneShares): ZoneShares {
  const points = (share: number): number => Math.round(share * 100) / 100;
  return new Map(
    [...shares].map(([from, to]) => [from, new Map([...to].map(([zone, share]) => [zone, points(share)]))]),
  );
}

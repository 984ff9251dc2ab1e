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
      return before?.size === shares.size && [...shares].every(([zone, share]) => isNear(before.get(zone), share));
    })
  );
}

/** None and all are told as they are: a point that is left would go to a zone that was left. */
function isNear(told = Infinity, share: number): boolean {
  const isEnd = share < TOLD_STEP / 8 || share > 1 - TOLD_STEP / 8;
  return Math.abs(share - told) < (isEnd ? TOLD_STEP / 4 : TOLD_STEP);
}

function rounded(shares: ZoneShares): ZoneShares {
  const points = (share: number): number => Math.round(share * 100) / 100;
  return new Map(
    [...shares].map(([from, to]) => [from, new Map([...to].map(([zone, share]) => [zone, points(share)]))]),
  );
}

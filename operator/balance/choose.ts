/*
 * Choosing: where the hubs of each zone send their requests, by wait, delivery time and cost.
 *
 * Every second or two, for each station: what hubs tell becomes figures of each zone (zoneFigures.ts), these become the
 * best flow (flow.ts), and the shares of each hub zone move toward it. Pure: numbers in, shares out.
 *
 * Example: zone-a is asked for 300 requests a second, and its pods do 200. A line stands, so its room is 170, and zone-a's
 * hubs send 43 % to zone-b and zone-c.
 */
import { bestFlow } from './flow.ts';
import type { Flow, ZonePrice } from './flow.ts';
import type { ZoneShares } from '../traffic/form.ts';
import type { SeenLoad } from './load.ts';
import { figuresOf } from './zoneFigures.ts';
import type { Learnt, ZoneFigures } from './zoneFigures.ts';

/** What one turn hands to the next. */
export interface ChoiceMemory extends Learnt {
  readonly shares: ZoneShares;
}

export interface Choice {
  readonly shares: ZoneShares;
  readonly figures: readonly ZoneFigures[];
  /** Requests a second that come to the hubs of each zone. */
  readonly rates: ReadonlyMap<string, number>;
  readonly memory: ChoiceMemory;
}

export const firstMemory: ChoiceMemory = { baseS: undefined, limits: new Map(), samples: new Map(), shares: new Map() };

/** So much of the way to the best flow is gone in one turn: what is measured is noisy. */
const STEP = 0.5;
/** Of a zone that was left and not heard of for long, so few requests find out how it is: too few for the slowest hundredth. */
const PROBE = 0.009;
/** A zone that nobody asks still has to know where it would send. */
const RATE_LEAST = 0.01;

/** One turn, `dtS` seconds after the one before. */
export function choose(
  seen: SeenLoad,
  price: ZonePrice,
  turn: { readonly dtS: number; readonly before: ChoiceMemory },
): Choice {
  const { figures, learnt } = figuresOf(seen, turn.before, turn.dtS);
  const rates = new Map(seen.hubZones.map((hubZone) => [hubZone, rateOf(seen, hubZone)]));
  const flow = bestFlow({ rates, figures, baseS: learnt.baseS, price });
  const shares = new Map(
    seen.hubZones.map((hubZone) => [
      hubZone,
      stepOf({ flow, hubZone, rate: rates.get(hubZone) ?? RATE_LEAST, before: turn.before.shares }, figures),
    ]),
  );
  return { shares, figures, rates, memory: { ...learnt, shares } };
}

function rateOf({ zones, between }: SeenLoad, hubZone: string): number {
  return Math.max(
    RATE_LEAST,
    zones.reduce((sum, { zone }) => sum + between(hubZone, zone).issued, 0),
  );
}

interface ShareStep {
  readonly flow: Flow;
  readonly hubZone: string;
  readonly rate: number;
  readonly before: ZoneShares;
}

/** Half the way to the flow that is wanted; away from a zone of which it is known what it can do, at once. */
function stepOf(
  { flow, hubZone, rate, before }: ShareStep,
  figures: readonly ZoneFigures[],
): ReadonlyMap<string, number> {
  const old = before.get(hubZone);
  const moved = figures.map(({ zone, pods, room, isUnheard }): readonly [string, number] => {
    const least = isUnheard && zone === hubZone ? PROBE : 0;
    const wanted = Math.max(least, (flow.get(hubZone)?.get(zone) ?? 0) / rate);
    const was = old?.get(zone);
    if (pods === 0) return [zone, 0];
    if (was === undefined || (Number.isFinite(room) && wanted < was)) return [zone, wanted];
    return [zone, was + STEP * (wanted - was)];
  });
  const all = moved.reduce((sum, [, share]) => sum + share, 0);
  return new Map(moved.map(([zone, share]) => [zone, all > 0 ? share / all : 0]));
}

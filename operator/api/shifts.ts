import * as z from 'zod';
import { withRules } from './rules.ts';
import { ZONES_MAX } from './survive.ts';
import { zoneName } from './zones.ts';

/** The longest time that a shift lasts: 7 d. It is to be renewed, so that none is forgotten. */
export const SHIFT_MAX_MS = 7 * 24 * 3_600_000;

const DATE = '[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])';
const HOUR = '([01][0-9]|2[0-3])';
const TIME = `^${DATE}T${HOUR}:[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?(Z|[+-]${HOUR}:[0-5][0-9])$`;
const timePattern = new RegExp(TIME);

// Not of the format date-time: then a rule would see a timestamp, and refuse what is none in words of its own.
const until = withRules(z.string().max(40), [
  {
    cel: `self.matches('${TIME}')`,
    holds: (time) => timePattern.test(time),
    message: 'until must be a time as RFC 3339 has it, such as 2026-12-01T18:00:00Z',
  },
]);

const shift = z.strictObject({
  zone: zoneName.describe('The zone that requests leave.'),
  until: until.describe(
    'When it ends by itself, RFC 3339. It lasts for 7 days at most: with a later end, it begins 7 days before.',
  ),
  reason: z.string().max(256).optional().describe('Why, for people.'),
});

/** Zones that requests are to leave for a time, one entry for each. */
export const shiftList = withRules(z.array(shift).max(ZONES_MAX), [
  {
    cel: 'self.all(shift, self.exists_one(other, other.zone == shift.zone))',
    holds: (shifts) => new Set(shifts.map(({ zone }) => zone)).size === shifts.length,
    message: 'the zones of shifts must differ from each other: give each zone one entry',
  },
]).meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['zone'] });

/** A zone that requests are to leave until a time, RFC 3339. */
export type DeclaredShift = Readonly<z.output<typeof shift>>;

/**
 * Whether a shift is on at a date, in ms since 1970. `early`: it ends later than the longest shift that begins then.
 * One whose end is no time is over.
 */
export function shiftAt({ until: end }: Pick<DeclaredShift, 'until'>, wallMs: number): 'on' | 'over' | 'early' {
  const leftMs = Date.parse(end) - wallMs;
  if (!(leftMs > 0)) return 'over';
  return leftMs > SHIFT_MAX_MS ? 'early' : 'on';
}

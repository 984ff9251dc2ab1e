import * as z from 'zod';
import { boundedCount } from './object.ts';
import { withRules } from './rules.ts';
import { ZONES_MAX } from './survive.ts';

const LABEL_VALUE = '^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$';
const labelValue = new RegExp(LABEL_VALUE);

/** A zone by its exact name. */
export const zoneName = withRules(z.string().min(1).max(63), [
  {
    cel: `self.matches('${LABEL_VALUE}')`,
    holds: (name) => labelValue.test(name),
    message: 'a zone must be a value of the node label topology.kubernetes.io/zone, such as zone-a',
  },
]);

/** The zones that a Kitchen may use, as a set of label values. */
export const zoneList = withRules(z.array(zoneName).min(1).max(ZONES_MAX), [
  {
    cel: 'self.all(zone, self.exists_one(other, other == zone))',
    holds: (zones) => new Set(zones).size === zones.length,
    message: 'zones must differ from each other: name each zone once',
  },
]).meta({ 'x-kubernetes-list-type': 'set' });

/** The most that serving a request in another zone may cost: more milliseconds than any request is worth to wait. */
const PRICE_MOST_MS = 10_000;

const LABELS_CEL = `self.all(zone, zone.matches('${LABEL_VALUE}'))`;

/** A value for each of some zones, by name. */
function byZone<Value extends z.ZodType>(value: Value): z.ZodRecord<z.ZodString, Value> {
  return withRules(z.record(z.string(), value), [
    {
      cel: LABELS_CEL,
      holds: (zones) => Object.keys(zones).every((name) => name.length <= 63 && labelValue.test(name)),
      message: 'a zone must be a value of the node label topology.kubernetes.io/zone, such as zone-a',
    },
    {
      cel: `self.size() <= ${ZONES_MAX}`,
      holds: (zones) => Object.keys(zones).length <= ZONES_MAX,
      message: `prices of at most ${ZONES_MAX} zones may be given`,
    },
  ]).meta({ maxProperties: ZONES_MAX });
}

/** What it costs that a request which comes up in the first zone is served in the second, in milliseconds of waiting. */
export const zonePrices = byZone(byZone(boundedCount(0, PRICE_MOST_MS)));

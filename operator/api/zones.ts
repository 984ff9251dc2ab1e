import * as z from 'zod';
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

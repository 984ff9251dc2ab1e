declare const zoneBrand: unique symbol;

/** The exact name of a zone: a value of the node label `topology.kubernetes.io/zone`, or one of the two special zones below. */
export type ZoneName = string & { readonly [zoneBrand]: true };

/** The node label that carries a zone's name. */
export const ZONE_LABEL = 'topology.kubernetes.io/zone';

/** The zone of all nodes without a zone label. No label value can have this form. */
export const UNZONED = '(none)' as ZoneName;

/** No restriction to a zone at all, used while no usable zone exists. No label value can have this form. */
export const ANYWHERE = '(any)' as ZoneName;

/** The zone that a node's label value stands for; an absent or empty label is `UNZONED`. */
export function zoneOf(labelValue: string | undefined): ZoneName {
  return labelValue === undefined || labelValue === '' ? UNZONED : (labelValue as ZoneName);
}

/** A zone as people read it: its name, or `none` and `any` for the two special zones. */
export function showZone(zone: ZoneName): string {
  if (zone === UNZONED) return 'none';
  return zone === ANYWHERE ? 'any' : zone;
}

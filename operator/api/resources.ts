import { GROUP, VERSION } from './labels.ts';
import type { Resource } from './kubernetes/resource.ts';

/** Our two kinds, as the API server serves them. */
export const kitchens: Resource = {
  group: GROUP,
  version: VERSION,
  plural: 'kitchens',
  kind: 'Kitchen',
  namespaced: true,
};
export const stations: Resource = { ...kitchens, plural: 'stations', kind: 'Station' };

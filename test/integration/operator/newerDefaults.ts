import type { Defaults } from '../../../operator/plan/children/defaults.ts';
import { defaultsByVersion as released } from '../../../operator/plan/children/defaults.ts';

/** Stands in for the operator's table in a process that `upgraded.ts` starts: the next version, beside all before it. */
export const NEWEST_DEFAULTS = 'v2';

export const defaultsByVersion: Readonly<Record<string, Defaults>> = {
  ...released,
  [NEWEST_DEFAULTS]: (spec, place) => ({ enableServiceLinks: false, ...released.v1(spec, place) }),
};

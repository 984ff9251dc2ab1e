import type { Defaults } from '../../../operator/plan/children/defaults.ts';
import { defaultsByVersion as released, NEWEST_DEFAULTS as newest } from '../../../operator/plan/children/defaults.ts';

/** Stands in for the operator's table in a process that `upgraded.ts` starts: the next version, beside all before it. */
export const NEWEST_DEFAULTS = 'next';

export const defaultsByVersion: Readonly<Record<string, Defaults>> = {
  ...released,
  [NEWEST_DEFAULTS]: {
    ...released[newest],
    lay: (spec, place) => ({ enableServiceLinks: false, ...released[newest].lay(spec, place) }),
  },
};

export function defaultsOfVersion(version: string): Defaults | undefined {
  return defaultsByVersion[version];
}

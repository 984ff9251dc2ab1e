import type { DeclaredStation, Kitchen } from './kitchen.ts';
import { keptTemplate } from './podtemplate.ts';
import type { StationSpec } from './station.ts';
import { completeSurvive } from './survive.ts';

/** A station's spec as its Kitchen alone gives it: `replicas` only where the Kitchen sets demand. */
export type DefaultedStation = Omit<StationSpec, 'replicas'> & { readonly replicas?: number };

/** Demand of a station for which nobody has said one yet. */
export const DEFAULT_REPLICAS = 1;

/** The stations of a Kitchen with everything inherited and defaulted, in the Kitchen's order. */
export function defaultedStations(kitchen: Kitchen): readonly DefaultedStation[] {
  return kitchen.spec.stations.map((declared) => defaulted(kitchen, declared));
}

function defaulted({ metadata, spec }: Kitchen, declared: DeclaredStation): DefaultedStation {
  return {
    kitchen: metadata.name,
    station: declared.name,
    survive: completeSurvive(spec.survive, declared.survive),
    ...(spec.zones === undefined ? {} : { zones: spec.zones }),
    paused: spec.paused ?? false,
    ...(declared.replicas === undefined ? {} : { replicas: declared.replicas }),
    ports: declared.ports ?? [],
    template: keptTemplate(declared.template),
    whenNoRoom: declared.whenNoRoom ?? 'Block',
    ...(declared.progressDeadlineSeconds === undefined
      ? {}
      : { progressDeadlineSeconds: declared.progressDeadlineSeconds }),
  };
}

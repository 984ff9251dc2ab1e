import type { DeclaredStation, Kitchen } from './kitchen.ts';
import { keptTemplate } from './podtemplate.ts';
import { leastReplicas } from './scale.ts';
import type { StationSpec } from './station.ts';
import { completeSurvive } from './survive.ts';

/** A station's spec as its Kitchen alone gives it: `replicas` only where the Kitchen sets demand. */
export type DefaultedStation = Omit<StationSpec, 'replicas'> & { readonly replicas?: number };

/** The part of a station's spec that comes from the station, not from its Kitchen. */
type OfStation = Omit<DefaultedStation, 'kitchen' | 'zones' | 'shifts' | 'paused'>;

type HubSpec = NonNullable<StationSpec['hub']>;

/** Demand of a station that was given none yet. */
export function firstDemand({ scale }: Pick<DefaultedStation, 'scale'>): number {
  return scale === undefined ? 1 : leastReplicas(scale);
}

/** The rest of a destructuring that took every field: a field that is declared and not taken here is a type error. */
type NothingLeft = Record<string, never>;

/** The stations of a Kitchen with everything inherited and defaulted, in the Kitchen's order. */
export function defaultedStations({ metadata, spec }: Kitchen): readonly DefaultedStation[] {
  const { survive, zones, shifts, paused = false, hub, stations, ...left } = spec;
  left satisfies NothingLeft;
  return stations.map((declared) => ({
    kitchen: metadata.name,
    ...(zones === undefined ? {} : { zones }),
    ...(shifts === undefined ? {} : { shifts }),
    paused,
    ...defaulted(declared, { survive, hub }),
  }));
}

function defaulted(declared: DeclaredStation, inherited: Pick<Kitchen['spec'], 'survive' | 'hub'>): OfStation {
  const {
    name,
    replicas,
    scale,
    survive,
    ports = [],
    hub = inherited.hub !== undefined,
    retries = 'Full',
    perTryTimeout,
    template,
    whenNoRoom = 'Block',
    progressDeadlineSeconds,
    ...left
  } = declared;
  left satisfies NothingLeft;
  return {
    station: name,
    survive: completeSurvive(inherited.survive, survive),
    ...(replicas === undefined ? {} : { replicas }),
    ...(scale === undefined ? {} : { scale }),
    ports,
    ...(hub ? { hub: hubSpec({ retries, perTryTimeout }, inherited.hub?.prices) } : {}),
    template: keptTemplate(template),
    whenNoRoom,
    ...(progressDeadlineSeconds === undefined ? {} : { progressDeadlineSeconds }),
  };
}

/** Only what is declared: a field without a value is not the same as none. */
function hubSpec(
  { retries, perTryTimeout }: Pick<HubSpec, 'retries' | 'perTryTimeout'>,
  prices: HubSpec['prices'],
): HubSpec {
  return {
    retries,
    ...(perTryTimeout === undefined ? {} : { perTryTimeout }),
    ...(prices === undefined ? {} : { prices }),
  };
}

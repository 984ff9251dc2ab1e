import type { Key } from '../api/kubernetes/key.ts';
import type { ScaleMetric } from '../api/scale.ts';
import type { Load } from '../model/scale.ts';
import type { HubLoadSight } from '../observe/hubLoad.ts';
import type { Stores } from '../observe/stores.ts';
import type { Fault } from './measure.ts';

/** What hubs tell is as old as this at most, where there are few of them. */
export const HUBS_EVERY_MS = 2_000;

export interface HubLoadsOptions {
  readonly stores: Pick<Stores, 'stations' | 'services'>;
  /** Absent: this operator has no hubs. */
  readonly sight: HubLoadSight | undefined;
}

/** What is known of a station's load from hubs now. */
export interface CountedLoad {
  readonly load: Load | undefined;
  readonly fault?: Fault;
}

/** Load as hubs count it. Nothing is read: hubs tell it by themselves. */
export class HubLoads {
  readonly #options: HubLoadsOptions;

  constructor(options: HubLoadsOptions) {
    this.#options = options;
  }

  /**
   * The load of a station. While a hub that should tell is silent, demand may rise by the others, and must not fall. Where
   * requests do not come through hubs, what they count says nothing.
   */
  of(station: Key, metric: NonNullable<ScaleMetric['hub']>['metric']): CountedLoad {
    const { stores, sight } = this.#options;
    if (sight === undefined) return unknown('InvalidMetric', NO_HUBS);
    if (stores.stations.get(station)?.object.spec.hub === undefined) return unknown('InvalidMetric', NOT_BEHIND);
    const service = stores.services.get(station);
    if (service === undefined || service.selects === true) return unknown('MetricsMissing', PLAIN);
    const counted = sight(station);
    if (counted === undefined) return unknown('InvalidMetric', NO_REQUESTS);
    const up = counted[metric];
    return { load: { up, down: counted.silentHub === undefined ? up : undefined } };
  }

  /** There is nothing to forget. */
  sweep(): void {}
}

function unknown(reason: Fault['reason'], words: string): CountedLoad {
  return { load: undefined, fault: { reason, words, isLasting: reason === 'InvalidMetric' } };
}

const NO_HUBS =
  'this operator has no hubs to count requests: install them (in the chart: hub.enabled), or use another metric';
const NOT_BEHIND = 'the station is not behind hubs: set spec.hub in the Kitchen, or use another metric';
const NO_REQUESTS =
  'hubs count no requests of this station, as none of its ports is HTTP to them: set appProtocol: http, or use another metric';
const PLAIN = 'the Service leads to the pods and not to the hubs: HubMissing, HubNotLocal or HubConflict say why';

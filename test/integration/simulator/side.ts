import type { JsonObject } from '../../../operator/api/kubernetes/json.ts';

/** A pod as far as the two sides can be compared: names and exact times differ. */
export interface SidePod {
  readonly uid: string;
  readonly zone: string;
  readonly image: string;
  readonly node: string | undefined;
  readonly ready: boolean;
  readonly marked: boolean;
}

/** What a trace may do to a cluster, be it simulated or real. The only station is one Deployment a zone and one budget. */
export interface Side {
  /** Makes the zone's Deployment, or changes it. */
  deploy(zone: string, want: Wanted): Promise<void>;
  /** One budget over all pods. */
  keep(minAvailable: number): Promise<void>;
  mark(uids: readonly string[]): Promise<void>;
  /** True: granted. */
  evict(uid: string): Promise<boolean>;
  setCordoned(node: string, cordoned: boolean): Promise<void>;
  setAlive(node: string, alive: boolean): Promise<void>;
  /** Most pods there may be; undefined: any number. */
  limit(pods: number | undefined): Promise<void>;
  /** Resolves when every pod has been Ready for `oldMs`. */
  growOld(): Promise<void>;
  /** Pods that are not being deleted. */
  pods(): Promise<readonly SidePod[]>;
  /** The Deployment says that its pods were refused. */
  isRefused(zone: string): Promise<boolean>;
}

export interface Wanted {
  readonly replicas: number;
  readonly image: string;
}

/** Many times what a trace takes from here to its next shrink. */
export const oldMs = 40_000;

export const goodImage = 'example.org/grill:1';
export const newImage = 'example.org/grill:2';
/** Nothing starts from it on either side. */
export const badImage = 'example.org/pull:bad';

export const station = { 'kitchen.dev/test': 'simulator' };
export const markedCost = '-2147483648';

/** The one Deployment of a zone as both sides get it. */
export function deploymentIn(zone: string, { replicas, image }: Wanted): JsonObject {
  const labels = { ...station, zone };
  const inZone = { key: 'topology.kubernetes.io/zone', operator: 'In', values: [zone] };
  const nodeAffinity = {
    requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [inZone] }] },
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: `grill-${zone}`, namespace: 'default', labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: '25%' } },
      template: {
        metadata: { labels },
        spec: { affinity: { nodeAffinity }, containers: [{ name: 'grill', image }], terminationGracePeriodSeconds: 1 },
      },
    },
  };
}

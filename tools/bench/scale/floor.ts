import { labels } from '../../../operator/api/labels.ts';
import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';
import { deployments } from '../../../operator/api/kubernetes/resource.ts';
import { systemClock } from '../../../operator/engine/clock.ts';
import { loadConfig } from '../../../operator/kube/config.ts';
import { connect } from '../../../operator/kube/connect.ts';

/** The user agent by which the audit log tells the floor's patches. */
export const FLOOR_AGENT = 'bench-floor';
const IN_FLIGHT = 32;

/** What the floor reads of a station's Deployment. */
export interface ZoneDeployment {
  readonly name: string;
  readonly namespace: string;
  /** `k7-grill`. */
  readonly station: string;
  readonly zone: string;
  readonly replicas: number;
}

/** A Deployment, and how many pods it has to have. */
export interface Growth {
  readonly deployment: ZoneDeployment;
  readonly replicas: number;
}

/** The least that anything could do: it makes good what a zone held by one patch for each Deployment that has to grow. */
export interface Floor extends AsyncDisposable {
  grow(): Promise<void>;
}

/** Reads every Deployment and decides beforehand, so that `grow` only has to send. `lost` counts pods by station. */
export async function prepareFloor(
  kubeconfig: string,
  { lost, zone }: { readonly lost: ReadonlyMap<string, number>; readonly zone: string },
): Promise<Floor> {
  const config = loadConfig({ kubeconfig, clock: systemClock });
  const client = connect({ config, clock: systemClock, userAgent: FLOOR_AGENT });
  const { items } = await client.list({ resource: deployments });
  const growths = growthsFor(items.map(deploymentOf), { lost, zone });
  return {
    grow: async () => {
      const waiting = [...growths];
      const send = async (): Promise<void> => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          const { name, namespace } = next.deployment;
          const at = { resource: deployments, namespace, name, subresource: 'scale' };
          await client.patch(at, { spec: { replicas: next.replicas } }, { type: 'merge', fieldManager: FLOOR_AGENT });
        }
      };
      await Promise.all(Array.from({ length: IN_FLIGHT }, send));
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}

/**
 * Which Deployments have to grow: those of living zones in turn, so that the zones share the growth evenly. Throws when
 * a station has none left.
 */
export function growthsFor(
  all: readonly ZoneDeployment[],
  { lost, zone }: { readonly lost: ReadonlyMap<string, number>; readonly zone: string },
): readonly Growth[] {
  const living = Map.groupBy(
    all.filter((each) => each.zone !== zone).toSorted((a, b) => a.name.localeCompare(b.name)),
    ({ station }) => station,
  );
  return [...lost].flatMap(([station, pods], turn) => {
    const own = living.get(station) ?? [];
    if (own.length === 0) throw new Error(`${station} has no Deployment outside ${zone}`);
    const more = own.map(() => 0);
    for (let pod = 0; pod < pods; pod++) {
      const index = (turn + pod) % own.length;
      more[index] = (more[index] ?? 0) + 1;
    }
    return own.flatMap((deployment, index) => {
      const added = more[index] ?? 0;
      return added === 0 ? [] : [{ deployment, replicas: deployment.replicas + added }];
    });
  });
}

function deploymentOf(object: KubeObject): ZoneDeployment {
  const { metadata, spec } = object as KubeObject & { readonly spec: { readonly replicas: number } };
  const own = metadata.labels ?? {};
  return {
    name: metadata.name ?? '',
    namespace: metadata.namespace ?? '',
    station: `${own[labels.kitchen]}-${own[labels.station]}`,
    zone: own[labels.zone] ?? '',
    replicas: spec.replicas,
  };
}

import type { JsonObject } from '@bufbuild/protobuf';
import type { Backend, Endpoint } from '../traffic/form.ts';
import { weightsFor } from '../traffic/weights.ts';

/** Marks the endpoints of the hub's own zone, so that a retry goes elsewhere. Not where there is no elsewhere. */
export const HOME_METADATA: JsonObject = { filterMetadata: { 'envoy.lb': { home: true } } };

/**
 * The endpoints of a backend as a hub of this zone uses them. Those that leave, or whose zone is shifted, are left out
 * while others serve: what they have begun ends all the same, and Envoy would count them as unhealthy. With too many of
 * these it panics, and sends to all.
 */
export function endpointsOf({ name, endpoints: all, shares }: Backend, hubZone: string): JsonObject {
  const inState = (wanted: Endpoint['state']): readonly Endpoint[] => all.filter(({ state }) => state === wanted);
  const endpoints = [inState('Serving'), inState('Shifted'), all].find(({ length }) => length > 0) ?? [];
  const weightOf = weightsFor(hubZone, { endpoints, shares });
  const zones = [...Map.groupBy(endpoints, ({ zone }) => zone)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    clusterName: name,
    endpoints: zones.map(([zone, inIt]) => ({
      locality: { zone },
      lbEndpoints: inIt.map((endpoint) =>
        lbEndpoint(endpoint, {
          isHome: zone === hubZone && zones.length > 1,
          weight: weightOf(zone),
        }),
      ),
    })),
  };
}

function lbEndpoint(
  { address, port, state }: Endpoint,
  { isHome, weight }: { readonly isHome: boolean; readonly weight: number },
): JsonObject {
  return {
    endpoint: { address: { socketAddress: { address, portValue: port } } },
    healthStatus: state === 'Leaving' ? 'DRAINING' : 'HEALTHY',
    loadBalancingWeight: weight,
    ...(isHome ? { metadata: HOME_METADATA } : {}),
  };
}

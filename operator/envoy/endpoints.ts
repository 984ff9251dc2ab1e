import type { JsonObject } from '@bufbuild/protobuf';
import type { Backend, Endpoint } from '../traffic/form.ts';

/**
 * Of the requests that a hub could send anywhere, its own zone gets this many for one that another zone's pod gets.
 * Least-request then moves what the own zone cannot take within a second.
 */
export const HOME_WEIGHT = 50;

/** Marks the endpoints of the hub's own zone, so that a retry goes elsewhere. */
export const HOME_METADATA: JsonObject = { filterMetadata: { 'envoy.lb': { home: true } } };

/**
 * The endpoints of a backend as a hub of this zone uses them. Those that leave, or whose zone is shifted, are left out
 * while others serve: what they have begun ends all the same, and Envoy would count them as unhealthy. With too many of
 * these it panics, and sends to all.
 */
export function endpointsOf({ name, endpoints: all }: Backend, hubZone: string): JsonObject {
  const inState = (wanted: Endpoint['state']): readonly Endpoint[] => all.filter(({ state }) => state === wanted);
  const endpoints = [inState('Serving'), inState('Shifted'), all].find(({ length }) => length > 0) ?? [];
  const zones = [...new Set(endpoints.map(({ zone }) => zone))].toSorted();
  return { clusterName: name, endpoints: zones.map((zone) => localityOf(zone, endpoints, hubZone)) };
}

function localityOf(zone: string, endpoints: readonly Endpoint[], hubZone: string): JsonObject {
  const inIt = endpoints.filter((endpoint) => endpoint.zone === zone);
  return { locality: { zone }, lbEndpoints: inIt.map((endpoint) => lbEndpoint(endpoint, zone === hubZone)) };
}

function lbEndpoint({ address, port, state }: Endpoint, isHome: boolean): JsonObject {
  return {
    endpoint: { address: { socketAddress: { address, portValue: port } } },
    healthStatus: state === 'Leaving' ? 'DRAINING' : 'HEALTHY',
    loadBalancingWeight: isHome ? HOME_WEIGHT : 1,
    ...(isHome ? { metadata: HOME_METADATA } : {}),
  };
}

import { createHash } from 'node:crypto';
import type { JsonObject } from '@bufbuild/protobuf';
import type { Traffic } from '../traffic/form.ts';
import { clusterOf } from './cluster.ts';
import { endpointsOf } from './endpoints.ts';
import { listenerOf } from './listener.ts';
import { encode } from './protos.ts';
import { READY_ROUTES, readyRoutes } from './ready.ts';
import { routesOf } from './routes.ts';
import { byType, messageName } from './types.ts';
import type { ByType, ResourceType } from './types.ts';

/** Resources of one type as JSON, by name. */
export type JsonResources = ReadonlyMap<string, JsonObject>;

/** Resources of every type, packed, by name. */
export type Packed = ByType<ReadonlyMap<string, PackedResource>>;

/** A resource as it is sent. The version is a hash of the bytes, so all replicas of the operator agree on it. */
export interface PackedResource {
  readonly version: string;
  readonly bytes: Uint8Array;
}

/** Everything that a hub of this zone needs to serve the traffic, in Envoy's words. */
export function translate(traffic: Traffic, hubZone: string): ByType<JsonResources> {
  const { listeners, backends } = traffic;
  const http = listeners.filter((listener) => listener.protocol === 'HTTP');
  return {
    Cluster: new Map(backends.map((backend) => [backend.name, clusterOf(backend)])),
    ClusterLoadAssignment: new Map(backends.map((backend) => [backend.name, endpointsOf(backend, hubZone)])),
    Listener: new Map(listeners.map((listener) => [listener.name, listenerOf(listener)])),
    RouteConfiguration: new Map(http.map((listener) => [listener.name, routesOf(listener)])),
  };
}

/** Packs resources. Throws when a field is unknown to Envoy or has the wrong type. */
export function pack(resources: ByType<JsonResources>): Packed {
  return byType((type) => packAll(type, resources[type]));
}

/** What every hub gets, whatever it serves. */
export function packCommon(): Packed {
  const none = translate({ listeners: [], backends: [] }, '');
  return pack({ ...none, RouteConfiguration: new Map([[READY_ROUTES, readyRoutes]]) });
}

/** One map a type of all that is given. */
export function merged(all: readonly Packed[]): Packed {
  return byType((type) => new Map(all.flatMap((packed) => [...packed[type]])));
}

function packAll(type: ResourceType, resources: JsonResources): ReadonlyMap<string, PackedResource> {
  return new Map([...resources].map(([name, json]) => [name, versioned(encode(messageName(type), json))]));
}

function versioned(bytes: Uint8Array): PackedResource {
  return { version: createHash('sha256').update(bytes).digest('base64url').slice(0, 16), bytes };
}

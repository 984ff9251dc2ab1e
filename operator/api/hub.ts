import type { StationSpec } from './station.ts';

/** The DaemonSet of hubs, which the chart makes in the operator's namespace. */
export const HUB_DAEMON_SET = 'kitchen-hub';

/** The ConfigMap in the operator's namespace that has all ports that were given on the hubs. */
export const HUB_PORTS_OBJECT = 'kitchen-hub-ports';

/** What it costs that a request is served in another zone, in milliseconds of waiting, where nothing is declared. */
export const DEFAULT_ZONE_PRICE_MS = 5;

/** Labels of the pods of hubs. */
export const hubLabels = { 'app.kubernetes.io/name': 'kitchen-hub', 'app.kubernetes.io/component': 'hub' } as const;

/** How a hub talks to a port: HTTP/1.1, HTTP/2 without TLS, or bytes as they come. */
export type HubProtocol = 'HTTP' | 'HTTP2' | 'TCP';

/** Values of `appProtocol` that hubs know. WebSockets begin as HTTP. */
const known: ReadonlyMap<string, HubProtocol> = new Map([
  ['http', 'HTTP'],
  ['kubernetes.io/ws', 'HTTP'],
  ['h2c', 'HTTP2'],
  ['kubernetes.io/h2c', 'HTTP2'],
  ['grpc', 'HTTP2'],
]);

/** First words of a port's name, as many programs read it: `http-admin` is HTTP. */
const byName: ReadonlyMap<string, HubProtocol> = new Map([
  ['http', 'HTTP'],
  ['http2', 'HTTP2'],
  ['h2c', 'HTTP2'],
  ['grpc', 'HTTP2'],
]);

/** What a port of a Service says of its protocol. */
interface SpokenPort {
  readonly name?: string | undefined;
  readonly appProtocol?: string | undefined;
}

/**
 * How hubs talk to a TCP port of a Service: by its `appProtocol` or, without one, by the first word of its name. All
 * else is passed on as it comes, TLS too.
 */
export function hubProtocol({ name = '', appProtocol }: SpokenPort): HubProtocol {
  if (appProtocol !== undefined) return known.get(appProtocol) ?? 'TCP';
  // It is HTTP/1.1 that carries gRPC.
  return name === 'grpc-web' ? 'HTTP' : (byName.get(name.split('-')[0] ?? '') ?? 'TCP');
}

/** Why hubs have no way for a station, with the cure; undefined when they have one. */
export function hubRefusal({ ports }: Pick<StationSpec, 'ports'>): string | undefined {
  const other = ports.filter(({ protocol }) => protocol !== 'TCP').map(({ port, protocol }) => `${port}/${protocol}`);
  if (other.length === 0) return undefined;
  return `hubs have no way for port ${other.join(', ')}: set hub: false for this station, or give the port a station of its own`;
}

/** Whether a station is to be served through hubs, and can be. */
export function isForHubs(spec: Pick<StationSpec, 'hub' | 'ports'>): boolean {
  return spec.hub !== undefined && spec.ports.length > 0 && hubRefusal(spec) === undefined;
}

/**
 * What hubs serve, in words that know neither Kitchen nor Envoy. The words are those of the Gateway API: a listener is
 * a port, routes say where its requests go, and a backend is the pods that answer them.
 */
export interface Traffic {
  readonly listeners: readonly Listener[];
  readonly backends: readonly Backend[];
}

/** One port that every hub listens on. */
export type Listener = HttpListener | TcpListener;

interface AnyListener {
  /** Unique among listeners: `default.pizzeria-grill.80`. */
  readonly name: string;
  /** The port on the hub. */
  readonly port: number;
}

export interface HttpListener extends AnyListener {
  readonly protocol: 'HTTP';
  /** The first that matches decides. */
  readonly routes: readonly Route[];
}

/** Connections that the hub passes on as they are. */
export interface TcpListener extends AnyListener {
  readonly protocol: 'TCP';
  /** The name of a backend. */
  readonly backend: string;
}

/** Requests of one kind, and what is done with them. */
export interface Route {
  /** Requests whose path begins with this: `/` for all. */
  readonly pathPrefix: string;
  /** The name of a backend. */
  readonly backend: string;
  readonly retries: Retries;
  /**
   * An attempt without an answer for this long is given up and made again elsewhere; only where every answer is known
   * to come sooner. Absent: attempts may take as long as they need.
   */
  readonly tryTimeoutMs?: number;
}

/**
 * Which requests are sent again when an attempt has failed.
 *
 * - Full: those that do no harm when they are done twice (GET, HEAD, OPTIONS, TRACE, and all with an Idempotency-Key)
 *   after any failure. All others only when no pod can have seen them.
 * - Connect: all, but only when no pod can have seen them.
 * - Off: none.
 */
export type Retries = 'Full' | 'Connect' | 'Off';

/** Pods that answer alike. */
export interface Backend {
  /** Unique among backends: `default.pizzeria-grill.80`. */
  readonly name: string;
  /** HTTP2 is HTTP/2 without TLS, as gRPC has it. */
  readonly protocol: 'HTTP' | 'HTTP2' | 'TCP';
  readonly endpoints: readonly Endpoint[];
  /** The largest share of the endpoints that may be dead at once, from 0 to 1, as it is declared. */
  readonly declaredLoss: number;
  /** The most requests, and the most connections, that one hub may have open to it at once. */
  readonly bound: number;
  /** Where requests go; absent: to the hub's own zone as far as its pods can take them. */
  readonly shares?: ZoneShares;
}

/**
 * Where the requests of each zone's hubs go, from 0 to 1, by the hub's zone and then by the pods' zone. They make 1 for each
 * hub zone, or are all 0.
 */
export type ZoneShares = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** One port of one pod. */
export interface Endpoint {
  /** An IP address. */
  readonly address: string;
  readonly port: number;
  /** Empty: its node has no zone. */
  readonly zone: string;
  /**
   * Leaving: it ends what it has begun, and gets nothing new. Shifted: so too, because requests are to leave its zone;
   * while nothing else serves, it does.
   */
  readonly state: 'Serving' | 'Shifted' | 'Leaving';
}

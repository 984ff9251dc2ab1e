import type { JsonObject } from '@bufbuild/protobuf';
import type { Backend } from '../traffic/form.ts';
import { fromControlPlane, typed } from './common.ts';

/** Socket options of Linux, by number: TCP and TCP_USER_TIMEOUT. */
const IPPROTO_TCP = 6;
const TCP_USER_TIMEOUT = 18;

/**
 * The weight of a pod is divided by (1 + requests open to it) to this power. So a zone that is to get all keeps it until six
 * requests are open to each of its pods, and then others get some: a rush spills over before the operator has heard of it. With
 * 2, those six are nineteen.
 */
const BIAS = 3;

/** Connections of TCP are held open while nothing is asked, so their number says nothing about load. */
const CONNECTIONS_MOST = 65_536;

/**
 * Retries that may run at once: a quarter of the requests that run. But never fewer than a quarter of the bound: when pods
 * die, all that runs there has to be sent again in one moment. In an overload the bound is full, and it is the same.
 */
const RETRY_SHARE = 0.25;
const RETRIES_LEAST = 25;

/**
 * How a hub talks to the pods of a backend. The figures are measured with real Envoys and pods that die in eight ways;
 * docs/decisions/0033-hub.md has the table.
 */
export function clusterOf({ name, protocol, declaredLoss, bound }: Backend): JsonObject {
  const lossPercent = Math.round(declaredLoss * 100);
  return {
    name,
    type: 'EDS',
    edsClusterConfig: { edsConfig: fromControlPlane },
    // A node without power answers nothing: that costs 0.25 s once, and the next pod is tried.
    connectTimeout: '0.250s',
    lbPolicy: 'LEAST_REQUEST',
    leastRequestLbConfig: { choiceCount: 2, activeRequestBias: { defaultValue: BIAS, runtimeKey: 'kitchen.bias' } },
    commonLbConfig: { healthyPanicThreshold: { value: Math.max(0, 100 - lossPercent - 15) } },
    ignoreHealthOnHostRemoval: true,
    circuitBreakers: { thresholds: thresholds(protocol === 'TCP' ? CONNECTIONS_MOST : bound) },
    outlierDetection: outliers(lossPercent),
    ...deadNodes,
    ...(protocol === 'TCP' ? {} : { typedExtensionProtocolOptions: httpOptions(protocol) }),
  };
}

/** Requests that may not be repeated have a pool of their own: those that hang on dead pods must not fill the others'. */
function thresholds(bound: number): readonly JsonObject[] & JsonObject[] {
  const pool = (priority: string, most: number): JsonObject => ({
    priority,
    maxConnections: most,
    maxRequests: most,
    maxPendingRequests: Math.ceil(most / 2),
    retryBudget: {
      budgetPercent: { value: RETRY_SHARE * 100 },
      minRetryConcurrency: Math.max(RETRIES_LEAST, Math.ceil(most * RETRY_SHARE)),
    },
  });
  return [pool('DEFAULT', bound), pool('HIGH', Math.ceil(bound / 2))];
}

/**
 * Three failures in a row eject a pod. Never more pods than are declared to die at once: if more fail, it is overload and
 * not death, and to send everything to the few that are left would end those too.
 */
function outliers(lossPercent: number): JsonObject {
  return {
    interval: '1s',
    baseEjectionTime: '5s',
    maxEjectionTime: '30s',
    maxEjectionPercent: Math.min(100, lossPercent + 2),
    splitExternalLocalOriginErrors: true,
    consecutiveLocalOriginFailure: 3,
    enforcingConsecutiveLocalOriginFailure: 100,
    consecutiveGatewayFailure: 3,
    // By default Envoy counts these and does nothing.
    enforcingConsecutiveGatewayFailure: 100,
    enforcingConsecutive5xx: 0,
    enforcingSuccessRate: 0,
    enforcingLocalOriginSuccessRate: 0,
    // A pod that answers its health check and fails its requests stays away.
    successfulActiveHealthCheckUnejectHost: false,
  };
}

/**
 * Connections into a black hole end after 2 s. Each of the two alone leaves some hanging: keepalive looks after those
 * that wait for an answer, and the time-out after those that still send.
 */
const deadNodes: JsonObject = {
  upstreamConnectionOptions: { tcpKeepalive: { keepaliveTime: 1, keepaliveInterval: 1, keepaliveProbes: 2 } },
  upstreamBindConfig: {
    socketOptions: [
      {
        description: 'TCP_USER_TIMEOUT in ms',
        level: IPPROTO_TCP,
        name: TCP_USER_TIMEOUT,
        intValue: 2000,
        state: 'STATE_PREBIND',
      },
    ],
  },
};

function httpOptions(protocol: 'HTTP' | 'HTTP2'): JsonObject {
  const http = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
  return {
    [http]: typed(http, {
      explicitHttpConfig:
        protocol === 'HTTP'
          ? { httpProtocolOptions: {} }
          : // A frozen pod keeps its connection open. A PING finds out, and its GETs are sent elsewhere.
            { http2ProtocolOptions: { connectionKeepalive: { interval: '1s', timeout: '2s' } } },
      // Servers of Node and uvicorn close an idle connection after 5 s. A request that is sent just then would fail.
      commonHttpProtocolOptions: { idleTimeout: '4s' },
    }),
  };
}

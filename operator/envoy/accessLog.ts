import type { JsonObject } from '@bufbuild/protobuf';
import { typed } from './common.ts';

/**
 * Which failed requests are logged, and how many of 100 of them. Chance decides, and not the request's id, which a client
 * may choose.
 */
const SHARES = {
  /** Without a try: too many for the station's bound, or no pod. There may be thousands a second, all alike. */
  refused: { flags: ['UO', 'UH', 'OM', 'NC', 'NR'], percent: 1 },
  /** On the way to a pod or back: no connection, a connection that broke, no answer in time, no retry left. */
  failed: { flags: ['UF', 'UC', 'UR', 'LR', 'UT', 'UPE', 'URX'], percent: 10 },
} as const;
const RETRIED_PERCENT = 10;

/** A header of a request may have 60 KiB. */
const PATH_CHARS = 256;
const OTHER_CHARS = 64;

/**
 * Logs requests to a station that failed by the hub's doing or were sent more than once, as a line of JSON. Not those
 * that a pod itself answers with an error, as it can log these. A query may hold secrets and is left out.
 */
export function accessLogOf(station: string): JsonObject {
  const { refused, failed } = SHARES;
  const filters = [
    all(flags(refused.flags), sampled('refused', refused.percent)),
    all(flags(failed.flags), sampled('failed', failed.percent)),
    all(sampled('retried', RETRIED_PERCENT), retried),
  ];
  return {
    name: 'trouble',
    filter: { orFilter: { filters } },
    typedConfig: typed('envoy.extensions.access_loggers.stream.v3.StdoutAccessLog', {
      logFormat: { jsonFormat: lineOf(station) },
    }),
  };
}

function lineOf(station: string): JsonObject {
  return {
    time: '%START_TIME%',
    requestId: `%REQ(X-REQUEST-ID):${OTHER_CHARS}%`,
    station,
    method: `%REQ(:METHOD):${OTHER_CHARS}%`,
    path: `%PATH(NQ):${PATH_CHARS}%`,
    status: '%RESPONSE_CODE%',
    flags: '%RESPONSE_FLAGS%',
    details: '%RESPONSE_CODE_DETAILS%',
    attempts: '%UPSTREAM_REQUEST_ATTEMPT_COUNT%',
    // The last of them.
    pod: '%UPSTREAM_HOST%',
    tried: '%UPSTREAM_HOSTS_ATTEMPTED%',
    ms: '%DURATION%',
  };
}

function all(...filters: JsonObject[]): JsonObject {
  return { andFilter: { filters } };
}

function flags(names: readonly string[]): JsonObject {
  return { responseFlagFilter: { flags: [...names] } };
}

function sampled(what: string, percent: number): JsonObject {
  return {
    runtimeFilter: {
      runtimeKey: `kitchen.log.${what}`,
      percentSampled: { numerator: percent, denominator: 'HUNDRED' },
      useIndependentRandomness: true,
    },
  };
}

const retried: JsonObject = {
  extensionFilter: {
    name: 'retried',
    typedConfig: typed('envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter', {
      expression: 'upstream.request_attempt_count > 1u',
    }),
  },
};

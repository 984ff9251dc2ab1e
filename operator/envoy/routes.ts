import type { JsonObject } from '@bufbuild/protobuf';
import type { HttpListener, Route } from '../traffic/form.ts';
import { typed } from './common.ts';
import { HOME_METADATA } from './endpoints.ts';
import { WEIGHT_MOST } from '../traffic/weights.ts';

/** When no pod can have seen the request. */
const UNSEEN = 'connect-failure,refused-stream,reset-before-request';
/** After any failure that is the pod's or the network's. */
const ANY = `${UNSEEN},reset,gateway-error`;
/** With 3 tries, requests fail when a whole zone dies: three of the pods that are tried may be there. */
const TRIES = 5;

/**
 * How often a retry draws a pod before it takes one of the own zone after all. Dead pods have nothing to do, so each of
 * them is drawn up to 400 times for one draw of another zone's pod: with six of them, 400 draws mostly fail.
 */
const DRAWS = 20 * WEIGHT_MOST;

/**
 * Which requests do no harm when they are done twice. RFC 9110, 9.2.1 and 9.2.2; PUT and DELETE are idempotent as well,
 * but their answer may differ the second time.
 */
const harmless: readonly JsonObject[] = [
  { name: ':method', stringMatch: { safeRegex: { regex: 'GET|HEAD|OPTIONS|TRACE' } } },
  { name: 'idempotency-key', presentMatch: true },
];

/** The routes of an HTTP listener. */
export function routesOf({ name, routes }: HttpListener): JsonObject {
  return {
    name,
    virtualHosts: [{ name: 'all', domains: ['*'], routes: routes.flatMap(envoyRoutes) }],
    // Without it Envoy waits for a listed cluster that is not there yet, and refuses the routes.
    validateClusters: false,
  };
}

/** A route, in two or three where its requests are not all treated alike. Envoy takes the first that matches. */
function envoyRoutes(route: Route): JsonObject[] {
  const retryOn = route.retries === 'Off' ? undefined : UNSEEN;
  if (route.retries !== 'Full') return [envoyRoute(route, { retryOn, priority: 'DEFAULT' })];
  const careful = envoyRoute(route, { retryOn, priority: 'HIGH' });
  const repeated = harmless.map((header) => envoyRoute(route, { header, retryOn: ANY, priority: 'DEFAULT' }));
  return [...repeated, careful];
}

interface Treatment {
  readonly header?: JsonObject;
  /** Undefined: it is never sent again. */
  readonly retryOn: string | undefined;
  readonly priority: 'DEFAULT' | 'HIGH';
}

function envoyRoute(route: Route, { header, retryOn, priority }: Treatment): JsonObject {
  const { pathPrefix, backend, tryTimeoutMs } = route;
  const perTry = retryOn === ANY && tryTimeoutMs !== undefined ? { perTryTimeout: seconds(tryTimeoutMs) } : {};
  return {
    match: { prefix: pathPrefix, ...(header === undefined ? {} : { headers: [header] }) },
    route: {
      cluster: backend,
      // How long an answer may take is for client and pod to say.
      timeout: '0s',
      priority,
      ...(retryOn === undefined ? {} : { retryPolicy: { ...retryPolicy(retryOn), ...perTry } }),
    },
  };
}

function retryPolicy(retryOn: NonNullable<Treatment['retryOn']>): JsonObject {
  return {
    retryOn,
    numRetries: TRIES,
    retryBackOff: { baseInterval: '0.005s', maxInterval: '0.050s' },
    retryHostPredicate: [
      { name: 'previous', typedConfig: typed('envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate') },
      // With weights alone a retry would most likely go to the next dead pod of the same zone.
      {
        name: 'home',
        typedConfig: typed('envoy.extensions.retry.host.omit_host_metadata.v3.OmitHostMetadataConfig', {
          metadataMatch: HOME_METADATA,
        }),
      },
    ],
    hostSelectionRetryMaxAttempts: String(DRAWS),
  };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(3)}s`;
}

import type { JsonObject } from '@bufbuild/protobuf';

/** The name of the routes by which a hub learns that it is ready: its probe asks for them. */
export const READY_ROUTES = 'kitchen.dev/ready';

/** The cluster of a hub's own configuration that is the Service of all hubs. */
export const LOCAL_CLUSTER = 'local';

/**
 * Answer 200 to the probe of a hub, and tell at `/local` which node's hub it reaches at the Service of all. They are sent
 * once a hub has taken in its listeners.
 */
export const readyRoutes: JsonObject = {
  name: READY_ROUTES,
  virtualHosts: [
    {
      name: 'ready',
      domains: ['*'],
      routes: [
        { match: { path: '/ready' }, directResponse: { status: 200 } },
        { match: { path: '/local' }, route: { cluster: LOCAL_CLUSTER, timeout: '1s' } },
      ],
    },
  ],
  validateClusters: false,
};

import type { JsonObject } from '@bufbuild/protobuf';

/** The name of the routes by which a hub learns that it is ready: its probe asks for them. */
export const READY_ROUTES = 'kitchen.dev/ready';

/** Answer 200 to the probe of a hub. They are sent once a hub has taken in its listeners. */
export const readyRoutes: JsonObject = {
  name: READY_ROUTES,
  virtualHosts: [
    { name: 'ready', domains: ['*'], routes: [{ match: { path: '/ready' }, directResponse: { status: 200 } }] },
  ],
};

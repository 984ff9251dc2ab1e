import type { JsonObject } from '@bufbuild/protobuf';

/** Of one Envoy, on all its ports of stations. With some 25 KiB each, they fit into the memory that the chart allows. */
const CONNECTIONS_MOST = 12_000;
const MEMORY = 'envoy.resource_monitors.cgroup_memory';
const CONNECTIONS = 'envoy.resource_monitors.global_downstream_max_connections';

/**
 * What an Envoy gives up before its container's memory ends, which would end all that it serves: first what is idle, then
 * the requests that hold most memory, and at last it takes no new ones.
 */
export const overloadManager: JsonObject = {
  refreshInterval: '0.25s',
  // Requests that hold less than 1 MiB are not told apart.
  bufferFactoryConfig: { minimumAccountToTrackPowerOfTwo: 20 },
  resourceMonitors: [
    // Without a limit, there is none to come near.
    { name: MEMORY, typedConfig: config('cgroup_memory.v3.CgroupMemoryConfig') },
    {
      name: CONNECTIONS,
      typedConfig: {
        ...config('downstream_connections.v3.DownstreamConnectionsConfig'),
        maxActiveDownstreamConnections: String(CONNECTIONS_MOST),
      },
    },
  ],
  actions: [
    action('shrink_heap', { threshold: { value: 0.8 } }),
    action('close_idle_http_connections', { threshold: { value: 0.85 } }),
    action('reset_high_memory_stream', { scaled: { scalingThreshold: 0.85, saturationThreshold: 0.95 } }),
    action('stop_accepting_requests', { threshold: { value: 0.95 } }),
    action('reject_incoming_connections', { threshold: { value: 0.97 } }),
  ],
};

function config(message: string): JsonObject {
  return { '@type': `type.googleapis.com/envoy.extensions.resource_monitors.${message}` };
}

function action(name: string, trigger: JsonObject): JsonObject {
  return { name: `envoy.overload_actions.${name}`, triggers: [{ name: MEMORY, ...trigger }] };
}

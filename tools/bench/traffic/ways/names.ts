/** The ways to the pods, and how tables call them. */
export const ways = {
  hub: 'hub',
  'hub-500ms': 'hub, perTryTimeout 500ms',
  'kube-proxy': 'kube-proxy-like',
  'stock-envoy': 'stock Envoy',
  haproxy: 'HAProxy tuned',
  nginx: 'nginx tuned',
} as const;

export type WayName = keyof typeof ways;

export const wayNames = Object.keys(ways) as readonly WayName[];

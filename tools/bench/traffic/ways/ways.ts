import type { Pod } from '../layout.ts';
import { haproxy } from './haproxy.ts';
import { throughHub } from './hub.ts';
import { throughKubeProxy } from './kubeProxy.ts';
import type { WayName } from './names.ts';
import { nginx } from './nginx.ts';
import { throughPeer } from './peer.ts';
import { throughStockEnvoy } from './stockEnvoy.ts';
import type { Way } from './way.ts';

/** Starts each way to these pods. */
export const starts: Readonly<Record<WayName, (pods: readonly Pod[]) => Way | Promise<Way>>> = {
  hub: (pods) => throughHub(pods),
  'hub-500ms': (pods) => throughHub(pods, 500),
  'kube-proxy': (pods) => throughKubeProxy(pods),
  'stock-envoy': throughStockEnvoy,
  haproxy: (pods) => throughPeer(haproxy, pods),
  nginx: (pods) => throughPeer(nginx, pods),
};

import type { Pod } from '../layout.ts';
import { inEachZone } from './eachZone.ts';
import { haproxy } from './haproxy.ts';
import { throughHub } from './hub.ts';
import { throughKubeProxy } from './kubeProxy.ts';
import type { WayName } from './names.ts';
import { nginx } from './nginx.ts';
import { throughPeer } from './peer.ts';
import { throughStockEnvoy } from './stockEnvoy.ts';
import type { Way } from './way.ts';

/** Starts each way to these pods: a proxy in each zone, as each learns by itself who is dead. */
export const starts: Readonly<Record<WayName, (pods: readonly Pod[]) => Way | Promise<Way>>> = {
  hub: (pods) => inEachZone(pods, throughHub),
  'hub-500ms': (pods) => inEachZone(pods, (all, zone) => throughHub(all, zone, 500)),
  'kube-proxy': (pods) => throughKubeProxy(pods),
  'stock-envoy': (pods) => inEachZone(pods, throughStockEnvoy),
  haproxy: (pods) => inEachZone(pods, (all) => throughPeer(haproxy, all)),
  nginx: (pods) => inEachZone(pods, (all) => throughPeer(nginx, all)),
};

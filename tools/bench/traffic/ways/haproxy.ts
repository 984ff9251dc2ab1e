import type { Pod } from '../layout.ts';
import type { Peer } from './peer.ts';

/** HAProxy with what it has for this: checks each second, what it sees of answers, retries elsewhere, POSTs not twice. */
export const haproxy: Peer = {
  program: 'haproxy',
  args: (file) => ['-db', '-f', file],
  config: (pods, { port }) => haproxyConfig(pods, port),
};

/** Its configuration. A try may take 0.5 s, as behind the hub with perTryTimeout. */
export function haproxyConfig(pods: readonly Pod[], port: number): string {
  const servers = pods.map(({ name, address, port: of }) => `  server ${name} ${address}:${of}`);
  return `global
  maxconn 4000
  nbthread 1
defaults
  mode http
  timeout connect 250ms
  timeout client 10s
  timeout server 500ms
  timeout queue 3s
  timeout check 1s
  retries 5
  option redispatch 1
frontend clients
  bind 127.0.0.1:${port}
  default_backend grill
backend grill
  balance leastconn
  option httpchk GET /healthz
  http-check expect status 200
  retry-on conn-failure empty-response response-timeout 502 503 504
  http-request disable-l7-retry if METH_POST
  default-server check inter 1s fall 2 rise 1 observe layer7 error-limit 3 on-error mark-down
${servers.join('\n')}
`;
}

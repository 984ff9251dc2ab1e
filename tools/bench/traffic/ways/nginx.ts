import type { Pod } from '../layout.ts';
import type { Peer } from './peer.ts';

/** nginx with what its free edition has for this: it leaves a pod alone after failures, and tries others. */
export const nginx: Peer = {
  program: 'nginx',
  args: (file, folder) => ['-p', folder, '-e', `${folder}/errors`, '-c', file],
  config: nginxConfig,
};

/** Its configuration. A try may take 0.5 s, as behind the hub with perTryTimeout. */
export function nginxConfig(
  pods: readonly Pod[],
  { port, folder }: { readonly port: number; readonly folder: string },
): string {
  const servers = pods.map(({ address, port: of }) => `    server ${address}:${of} max_fails=3 fail_timeout=5s;`);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `  ${name}_temp_path ${folder}/${name};`,
  );
  return `daemon off;
master_process off;
pid ${folder}/pid;
error_log ${folder}/errors crit;
events { worker_connections 4096; }
http {
  access_log off;
${temporary.join('\n')}
  upstream grill {
    least_conn;
    keepalive 64;
${servers.join('\n')}
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://grill;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_connect_timeout 250ms;
      proxy_read_timeout 500ms;
      proxy_next_upstream error timeout http_502 http_503 http_504;
      proxy_next_upstream_tries 6;
    }
  }
}
`;
}

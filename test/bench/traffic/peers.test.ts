import assert from 'node:assert/strict';
import { haproxyConfig } from '../../../tools/bench/traffic/ways/haproxy.ts';
import { trafficTo } from '../../../tools/bench/traffic/ways/hub.ts';
import { throughKubeProxy } from '../../../tools/bench/traffic/ways/kubeProxy.ts';
import { nginxConfig } from '../../../tools/bench/traffic/ways/nginx.ts';
import { stockConfig } from '../../../tools/bench/traffic/ways/stockEnvoy.ts';
import { pods } from './rows.ts';

describe('the way', () => {
  it('of HAProxy checks each pod, and sends no POST twice', () => {
    const config = haproxyConfig(pods, 10_000);
    assert.match(config, /bind 127\.0\.0\.1:10000\n/);
    assert.match(config, /server zone-a-1-1 127\.0\.1\.1:20001\n {2}server zone-b-1-1 127\.0\.2\.1:20002\n/);
    assert.match(config, /http-request disable-l7-retry if METH_POST/);
  });

  it('of nginx keeps all its files in its folder', () => {
    const config = nginxConfig(pods, { port: 10_000, folder: '/tmp/kitchen-x' });
    assert.match(config, /listen 127\.0\.0\.1:10000;/);
    assert.match(config, /server 127\.0\.1\.1:20001 max_fails=3 fail_timeout=5s;/);
    const paths = [...config.matchAll(/^.*(?:_path|pid|error_log) (\S+?)[; ]/gm)].map(([, path = '']) => path);
    assert.equal(paths.length, 7);
    assert.ok(paths.every((path) => path.startsWith('/tmp/kitchen-x/')));
  });

  it('of a stock Envoy has no retries, no checks and no time-out', () => {
    const text = JSON.stringify(stockConfig(pods, 10_000));
    assert.match(text, /"timeout":"0s"/);
    assert.match(text, /"address":"127\.0\.2\.1","portValue":20002/);
    assert.doesNotMatch(text, /retry|outlier|healthCheck|lbPolicy/);
  });

  it('of kube-proxy goes to a pod by chance', () => {
    const chances = [0, 0.99, 0.5];
    const way = throughKubeProxy(pods, () => chances.shift() ?? 0);
    assert.deepEqual([way.next(), way.next(), way.next()], [pods[0], pods[1], pods[1]]);
  });

  it('of the hub declares the loss of a zone of three, and the time of a try where it is set', () => {
    const { backends, listeners } = trafficTo(pods, { port: 10_000, tryTimeoutMs: 500 });
    assert.deepEqual(
      backends.map(({ declaredLoss, bound }) => ({ declaredLoss, bound })),
      [{ declaredLoss: 0.35, bound: 128 }],
    );
    assert.match(JSON.stringify(listeners), /"tryTimeoutMs":500/);
    assert.doesNotMatch(JSON.stringify(trafficTo(pods, { port: 1, tryTimeoutMs: undefined })), /tryTimeoutMs/);
  });
});

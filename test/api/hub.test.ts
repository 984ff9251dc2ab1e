import assert from 'node:assert/strict';
import { hubProtocol, hubRefusal, isForHubs } from '../../operator/api/hub.ts';

describe('how hubs talk to a port', () => {
  const cases = [
    [{ name: 'http' }, 'HTTP'],
    [{ name: 'http-admin' }, 'HTTP'],
    [{ name: 'grpc' }, 'HTTP2'],
    [{ name: 'grpc-orders' }, 'HTTP2'],
    [{ name: 'grpc-web' }, 'HTTP'],
    [{ name: 'h2c' }, 'HTTP2'],
    [{ name: 'https' }, 'TCP'],
    [{ name: 'db' }, 'TCP'],
    [{}, 'TCP'],
    [{ name: 'constructor' }, 'TCP'],
    [{ name: 'db', appProtocol: 'http' }, 'HTTP'],
    [{ name: 'http', appProtocol: 'kubernetes.io/h2c' }, 'HTTP2'],
    [{ name: 'http', appProtocol: 'kubernetes.io/ws' }, 'HTTP'],
    [{ name: 'http', appProtocol: 'https' }, 'TCP'],
    [{ name: 'http', appProtocol: 'example.com/own' }, 'TCP'],
  ] as const;
  for (const [port, protocol] of cases) {
    it(`${JSON.stringify(port)} is ${protocol}`, () => assert.equal(hubProtocol(port), protocol));
  }
});

describe('a station for hubs', () => {
  const tcp = { port: 80, protocol: 'TCP' } as const;
  it('asks for them, and has ports of TCP alone', () => {
    assert.ok(isForHubs({ hub: { retries: 'Full' }, ports: [tcp] }));
    assert.ok(!isForHubs({ ports: [tcp] }));
    assert.ok(!isForHubs({ hub: { retries: 'Full' }, ports: [] }));
    assert.ok(!isForHubs({ hub: { retries: 'Full' }, ports: [tcp, { port: 53, protocol: 'UDP' }] }));
  });
  it('is refused in words that name port and cure', () => {
    assert.equal(hubRefusal({ ports: [tcp] }), undefined);
    assert.match(hubRefusal({ ports: [tcp, { port: 53, protocol: 'UDP' }] }) ?? '', /port 53\/UDP: set hub: false/);
  });
});

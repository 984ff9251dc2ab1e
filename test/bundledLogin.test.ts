import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../tools/build.ts';
import { FaultyServer } from './kube/faultyServer.ts';

/** Where a user of a kubeconfig logs in. */
interface Login {
  readonly user: object;
  readonly cluster?: object;
}

// A provider that runs a program runs Node: it is there wherever this test runs.
const program = { 'cmd-path': process.execPath, 'token-key': '{.made.token}', 'expiry-key': '{.made.until}' };
const until = '2999-01-01T00:00:00Z';
const printed = (token: string): string => JSON.stringify({ made: { token, until } });
const providerOf = (name: string, config: object): object => ({ 'auth-provider': { name, config } });
const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
const idToken = (exp: number): string => `${encoded({ alg: 'none' })}.${encoded({ exp })}.signed`;

describe('the bundle logs in', function () {
  this.timeout(60_000);
  let dir: string;
  let server: FaultyServer;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'kitchen-login-'));
    server = await new FaultyServer().start();
    await bundle(dir, ['main']);
  });
  after(async () => {
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  });

  /** What the operator says when it starts as this user. It cannot go on, since the server knows no Kitchens. */
  async function start({ user, cluster = {} }: Login): Promise<{ readonly said: string; readonly sent: string }> {
    const config = {
      'current-context': 'it',
      clusters: [{ name: 'it', cluster: { server: server.url, 'insecure-skip-tls-verify': true, ...cluster } }],
      users: [{ name: 'it', user }],
      contexts: [{ name: 'it', context: { cluster: 'it', user: 'it' } }],
    };
    const file = join(dir, 'kubeconfig');
    await writeFile(file, JSON.stringify(config));
    server.requests.splice(0);
    const child = spawn(process.execPath, [join(dir, 'main.js'), '--kubeconfig', file, '--listen', 'off']);
    const said: string[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(String(chunk)));
    assert.deepEqual(await once(child, 'close'), [1, null]);
    return { said: said.join(''), sent: String(server.requests[0]?.headers['authorization']) };
  }

  for (const [how, user, sent] of [
    ['with a token', { token: 'plain' }, 'Bearer plain'],
    ['with a name and a password', { username: 'cook', password: 'salt' }, `Basic ${btoa('cook:salt')}`],
    [
      'by exec',
      {
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1',
          command: process.execPath,
          args: ['-p', JSON.stringify(JSON.stringify({ status: { token: 'executed' } }))],
        },
      },
      'Bearer executed',
    ],
    [
      'by OpenID Connect',
      providerOf('oidc', { 'id-token': idToken(32_000_000_000) }),
      `Bearer ${idToken(32_000_000_000)}`,
    ],
    [
      'at Google',
      providerOf('gcp', { ...program, 'cmd-args': `-p '${JSON.stringify(printed('google'))}'` }),
      'Bearer google',
    ],
    [
      'at Azure',
      providerOf('azure', { ...program, 'cmd-args': `-p '${JSON.stringify(printed('azure'))}'` }),
      'Bearer azure',
    ],
  ] as const)
    it(how, async () => {
      assert.equal((await start({ user })).sent, sent);
    });

  it('not with an expired token that it cannot renew, and says so', async () => {
    const config = { 'client-id': 'it', 'id-token': idToken(1), 'refresh-token': 'it', 'idp-issuer-url': server.url };
    const { said, sent } = await start({ user: providerOf('oidc', config) });
    assert.match(
      said,
      /no credentials: the OIDC token of user \S+ has expired, .*: run kubectl get namespaces once, or /,
    );
    assert.equal(sent, 'undefined');
  });

  it('through a SOCKS proxy', async () => {
    const greetings: number[] = [];
    const proxy = createServer((socket) => {
      socket
        .on('error', () => undefined)
        .once('data', (bytes) => {
          greetings.push(bytes[0] ?? 0);
          socket.destroy();
        });
    });
    await once(proxy.listen(0, '127.0.0.1'), 'listening');
    try {
      const url = `socks5://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
      await start({ user: { token: 'plain' }, cluster: { 'proxy-url': url } });
      assert.equal(greetings[0], 5, 'the first byte of SOCKS 5');
    } finally {
      proxy.close();
    }
  });
});

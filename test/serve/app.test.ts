import assert from 'node:assert/strict';
import type { EventEmitter } from 'node:events';
import type { RequestListener } from 'node:http';

import { healthApp } from '../../operator/serve/app.ts';
import type { Sources } from '../../operator/serve/app.ts';
import { listen } from '../../operator/serve/listen.ts';
import type { Listening } from '../../operator/serve/listen.ts';

const silent = (): void => undefined;

describe('the HTTP side', () => {
  const servers: Listening[] = [];
  const errors: unknown[] = [];

  async function serve(sources: Partial<Sources>): Promise<(path: string) => Promise<[number, string]>> {
    const app = healthApp({
      faults: () => [],
      metrics: async () => ({ contentType: 'text/plain', body: 'up 1\n' }),
      onError: (error) => errors.push(error),
      ...sources,
    });
    const server = await listen({ host: '127.0.0.1', port: 0 }, app, (error) => errors.push(error));
    servers.push(server);
    return async (path) => {
      const response = await fetch(`http://${server.address}${path}`);
      return [response.status, await response.text()];
    };
  }

  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
    errors.length = 0;
  });

  it('is live while it is not ready, and says why it is not', async () => {
    const get = await serve({ faults: () => ['pods: not listed yet'] });
    assert.deepEqual(await get('/livez'), [200, 'ok\n']);
    assert.deepEqual(await get('/readyz'), [503, 'pods: not listed yet\n']);
  });

  it('is ready when nothing is at fault', async () => {
    const get = await serve({});
    assert.deepEqual(await get('/readyz'), [200, 'ok\n']);
    assert.deepEqual(await get('/metrics'), [200, 'up 1\n']);
  });

  it('answers 500 and hands the reason over when a route throws', async () => {
    const get = await serve({ metrics: () => Promise.reject(new Error('no figures')) });
    const [status, body] = await get('/metrics');
    assert.equal(status, 500);
    assert.doesNotMatch(body, /no figures/);
    assert.match(String(errors[0]), /no figures/);
  });

  it('closes although a client keeps its connection open', async () => {
    const get = await serve({});
    await get('/livez');
    await servers[0]?.close();
    await assert.rejects(get('/livez'));
  });

  it('names the cure when the address is in use', async () => {
    const get = await serve({});
    await get('/livez');
    const port = servers[0]?.port ?? 0;
    await assert.rejects(listen({ host: '127.0.0.1', port }, silent, silent), /in use: choose another with --listen/);
  });

  it('tells of errors while it listens, and listens on', async () => {
    let server: EventEmitter | undefined;
    const handler: RequestListener = ({ socket }, response) => {
      ({ server } = socket as unknown as { readonly server: EventEmitter });
      response.end('ok');
    };
    const listening = await listen({ host: '127.0.0.1', port: 0 }, handler, (error) => errors.push(error));
    servers.push(listening);
    const get = (): Promise<Response> => fetch(`http://${listening.address}`);
    await get();
    const faults = [new Error('accept EMFILE'), new Error('accept EMFILE')];
    for (const fault of faults) server?.emit('error', fault);
    assert.deepEqual(errors, faults);
    assert.equal((await get()).status, 200);
  });
});

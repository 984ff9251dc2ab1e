import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { scrapeByHttp } from '../../operator/scale/scrape.ts';

/** Reads a page of a server that answers like this. */
async function scraped(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    return await scrapeByHttp()({ address: '127.0.0.1', port, path: '/metrics' }, new AbortController().signal);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('reading the page of a pod', () => {
  it('asks for the path, without credentials', async () => {
    const page = await scraped(({ url, headers }, answer) => {
      answer.end(`${url} ${headers.authorization} ${headers.accept}`);
    });
    assert.equal(page, '/metrics undefined text/plain;version=0.0.4');
  });

  it('follows no redirect', async () => {
    const asked: string[] = [];
    const reading = scraped(({ url = '' }, answer) => {
      asked.push(url);
      answer.writeHead(302, { location: '/elsewhere' }).end();
    });
    await assert.rejects(reading, /status of its answer is not 200/);
    assert.deepEqual(asked, ['/metrics']);
  });

  it('does not tell a port that refuses from one that keeps silent', async () => {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const reading = scrapeByHttp()({ address: '127.0.0.1', port, path: '/' }, new AbortController().signal);
    await assert.rejects(reading, { name: 'ScrapeError', message: 'no whole answer within 2 s' });
  });

  it('takes no page that is too long', async () => {
    await assert.rejects(
      scraped((_, answer) => void answer.end('x'.repeat(512 * 1024 + 1))),
      /longer than 512 KiB/,
    );
  });

  it('gives up on a page that does not come', async function () {
    this.timeout(20_000);
    await assert.rejects(
      scraped(() => undefined),
      /no whole answer within 2 s/,
    );
  });

  it('gives up on a page that never ends', async function () {
    this.timeout(20_000);
    const drip = scraped((_, answer) => {
      const timer = setInterval(() => answer.write('a 1\n'), 100);
      answer.on('close', () => clearInterval(timer));
    });
    await assert.rejects(drip, /no whole answer within 2 s/);
  });
});

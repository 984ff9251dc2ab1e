import { Agent, request } from 'undici';

/** A page of metrics that a pod serves. */
export interface MetricsPage {
  /** The address of a pod. */
  readonly address: string;
  readonly port: number;
  readonly path: string;
}

/** Reads a page. Rejects when it does not come whole, in time, with status 200. */
export type Scrape = (page: MetricsPage, signal: AbortSignal) => Promise<string>;

/** A page of this many bytes has ten thousands of series. */
export const PAGE_BYTES = 4 * 1024 * 1024;
const WITHIN_MS = 2_000;

/**
 * Reads pages by HTTP. What a pod serves is not trusted: no redirect is followed, a page is cut off at 4 MiB, and has to
 * come within 2 s.
 */
export function scrapeByHttp(): Scrape {
  const dispatcher = new Agent({
    connect: { timeout: WITHIN_MS },
    headersTimeout: WITHIN_MS,
    bodyTimeout: WITHIN_MS,
    maxResponseSize: PAGE_BYTES,
    // The next round comes after 5 s.
    keepAliveTimeout: 10_000,
    keepAliveMaxTimeout: 10_000,
    pipelining: 1,
  });
  return async ({ address, port, path }, signal) => {
    const host = address.includes(':') ? `[${address}]` : address;
    const { statusCode, body } = await request(`http://${host}:${port}${path}`, {
      dispatcher,
      headers: { accept: 'text/plain;version=0.0.4' },
      signal: AbortSignal.any([signal, AbortSignal.timeout(WITHIN_MS)]),
    });
    if (statusCode === 200) return body.text();
    await body.dump();
    throw new Error(`status ${statusCode}`);
  };
}

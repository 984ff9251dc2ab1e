import { Agent, errors, request } from 'undici';

/** A page of metrics that a pod serves. */
export interface MetricsPage {
  /** The address of a pod. */
  readonly address: string;
  readonly port: number;
  readonly path: string;
}

/** Reads a page. Rejects with a `ScrapeError` when it does not come whole, in time, with status 200. */
export type Scrape = (page: MetricsPage, signal: AbortSignal) => Promise<string>;

/** Why a page did not come, by its class alone: what a port answers with is not told to who asks for its metrics. */
export class ScrapeError extends Error {
  override readonly name = 'ScrapeError';
}

/** A page of this many bytes has thousands of series. */
export const PAGE_BYTES = 512 * 1024;
const WITHIN_MS = 2_000;

/**
 * Reads pages by HTTP. What a pod serves is not trusted: no redirect is followed, a page is no longer than 512 KiB, and has
 * to come within 2 s.
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
    const within = AbortSignal.any([signal, AbortSignal.timeout(WITHIN_MS)]);
    const headers = { accept: 'text/plain;version=0.0.4' };
    try {
      const { statusCode, body } = await request(`http://${host}:${port}${path}`, {
        dispatcher,
        headers,
        signal: within,
      });
      if (statusCode === 200) return await body.text();
      await body.dump();
    } catch (error) {
      throw classOf(error);
    }
    throw new ScrapeError('the status of its answer is not 200');
  };
}

function classOf(error: unknown): ScrapeError {
  if (error instanceof errors.ResponseExceededMaxSizeError)
    return new ScrapeError(`its page is longer than ${PAGE_BYTES / 1024} KiB`, { cause: error });
  return new ScrapeError(`no whole answer within ${WITHIN_MS / 1000} s`, { cause: error });
}

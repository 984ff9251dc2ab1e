import { isCode } from './errors.ts';
import type { Page } from './client.ts';

export interface PageSink<T> {
  readonly page: (items: readonly T[]) => void;
  /** The list begins again: the pages so far do not count. */
  readonly restart: () => void;
}

export type FetchPage<T> = (limit: number | undefined, continueToken: string | undefined) => Promise<Page<T>>;

const pageSize = 500;

/**
 * Reads a whole list page by page and returns its resource version. If its token expires between two pages (410), the
 * list begins again. After a second time it is read in one piece, which cannot expire.
 */
export async function readPages<T>(fetch: FetchPage<T>, sink: PageSink<T>): Promise<string> {
  for (const limit of [pageSize, pageSize, undefined]) {
    sink.restart();
    const resourceVersion = await readOnce(fetch, sink, limit);
    if (resourceVersion !== undefined) return resourceVersion;
  }
  throw new TypeError('a list read in one piece cannot expire');
}

async function readOnce<T>(fetch: FetchPage<T>, sink: PageSink<T>, limit?: number): Promise<string | undefined> {
  let continueToken: string | undefined;
  for (;;) {
    try {
      const page: Page<T> = await fetch(limit, continueToken);
      sink.page(page.items);
      if (page.continueToken === undefined) return page.resourceVersion;
      continueToken = page.continueToken;
    } catch (error) {
      if (continueToken === undefined || limit === undefined || !isCode(error, 'expired')) throw error;
      return undefined;
    }
  }
}

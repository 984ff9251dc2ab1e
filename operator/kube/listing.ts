import type { KubeObject } from '../api/kubernetes/object.ts';
import type { Client, Selection } from './client.ts';
import { readPages } from './pages.ts';
import type { Scope } from './path.ts';
import type { Reading } from './store.ts';

export interface Listing<T> {
  readonly client: Client;
  readonly of: Scope;
  readonly selection?: Selection | undefined;
  readonly signal: AbortSignal;
  /** What is kept of an object while the rest is fetched. */
  readonly read: (object: KubeObject) => Reading<T>;
}

const listTimeoutMs = 60_000;

/** Lists everything, page by page, as it is at one version. */
export async function listReadings<T>({ client, of, selection, signal, read }: Listing<T>): Promise<{
  readonly readings: readonly Reading<T>[];
  readonly version: string;
}> {
  const readings: Reading<T>[] = [];
  const version = await readPages<KubeObject>(
    (limit, continueToken) =>
      client.page(of, {
        ...selection,
        signal,
        timeoutMs: listTimeoutMs,
        ...(limit === undefined ? {} : { limit }),
        ...(continueToken === undefined ? {} : { continueToken }),
      }),
    {
      page: (items) => readings.push(...items.map(read)),
      restart: () => readings.splice(0),
    },
  );
  return { readings, version };
}

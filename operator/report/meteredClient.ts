import type { Client } from '../kube/client.ts';
import { ApiError } from '../kube/errors.ts';
import type { Metrics } from './metrics.ts';

/** A client whose calls are counted by method and code; a watch counts when it begins. */
export function metered(client: Client, metrics: Pick<Metrics, 'requested'>): Client {
  const counted = async <T>(method: string, call: Promise<T>): Promise<T> => {
    try {
      const answer = await call;
      metrics.requested(method, method === 'POST' ? '201' : '200');
      return answer;
    } catch (error) {
      const status = error instanceof ApiError ? error.status : undefined;
      metrics.requested(method, status === undefined ? '<error>' : String(status));
      throw error;
    }
  };
  return {
    get: (at, options) => counted('GET', client.get(at, options)),
    list: (of, options) => counted('GET', client.list(of, options)),
    page: (of, options) => counted('GET', client.page(of, options)),
    create: (at, object, options) => counted('POST', client.create(at, object, options)),
    apply: (at, intent, options) => counted('PATCH', client.apply(at, intent, options)),
    patch: (at, patch, options) => counted('PATCH', client.patch(at, patch, options)),
    remove: (at, options) => counted('DELETE', client.remove(at, options)),
    request: (call) => counted(call.method ?? 'GET', client.request(call)),
    watch: (of, options) => {
      metrics.requested('GET', '200');
      return client.watch(of, options);
    },
    close: () => client.close(),
  };
}

import type { Client } from '../kube/client.ts';
import { ApiError } from '../kube/errors.ts';
import { describe } from '../kube/resource.ts';
import type { Ref, Scope } from '../kube/resource.ts';

/**
 * A client whose writes fail with `aborted` as soon as `mayWrite` says no. A process that was stopped for a while wakes up in the middle of a pass: it
 * must not write on as if it still led.
 */
export function fenced(client: Client, mayWrite: () => boolean): Client {
  const check = (at: Scope & Partial<Ref>): void => {
    if (mayWrite()) return;
    throw new ApiError({ code: 'aborted', doing: `writing ${describe(at)}`, why: 'this process does not lead' });
  };
  return {
    get: (at, options) => client.get(at, options),
    list: (of, options) => client.list(of, options),
    page: (of, options) => client.page(of, options),
    watch: (of, options) => client.watch(of, options),
    request: (call) => client.request(call),
    close: () => client.close(),
    create: async (at, object, options) => {
      check(at);
      return client.create(at, object, options);
    },
    apply: async (at, intent, options) => {
      check(at);
      return client.apply(at, intent, options);
    },
    patch: async (at, patch, options) => {
      check(at);
      return client.patch(at, patch, options);
    },
    remove: async (at, options) => {
      check(at);
      return client.remove(at, options);
    },
  };
}

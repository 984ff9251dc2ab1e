import type { CallOptions, Client } from '../kube/client.ts';
import { ApiError } from '../kube/errors.ts';
import { describe } from '../kube/path.ts';
import type { Ref, Scope } from '../kube/path.ts';

/** The limits of the calls in one term of leadership. */
export interface Fence {
  /** Asked before every write, and again when it is sent. */
  readonly mayWrite: () => boolean;
  /** Asked in the same way: whether a namespace is ours to write in. Absent: all are. */
  readonly serves?: ((namespace: string) => boolean) | undefined;
  /** How long a write may take. Once `mayWrite` says no, writes on their way must end before another replica leads. */
  readonly writeWithinMs: number;
  /** Aborted when the term is over: it ends every call, reads as well. */
  readonly over: AbortSignal;
}

/**
 * A client for one term: its writes fail with `aborted` as soon as `mayWrite` says no. Say the machine suspends this
 * process in the middle of a pass, and another replica takes the lead: when the process resumes, it must not go on
 * writing.
 */
export function fenced(client: Client, { mayWrite, serves, writeWithinMs, over }: Fence): Client {
  const within = <O extends CallOptions>(options: O): O => {
    const signal = options.signal === undefined ? over : AbortSignal.any([options.signal, over]);
    return { ...options, signal };
  };
  const writing = <O extends CallOptions>(at: Scope & Partial<Ref>, options: O): O => {
    const beforeSending = (): void => {
      const why = mayWrite() ? notOurs(at, serves) : 'this process does not lead';
      if (why !== undefined) throw new ApiError({ code: 'aborted', doing: `writing ${describe(at)}`, why });
    };
    beforeSending();
    const timeoutMs = Math.min(options.timeoutMs ?? Infinity, writeWithinMs);
    return { ...within(options), timeoutMs, beforeSending };
  };
  return {
    get: (at, options = {}) => client.get(at, within(options)),
    list: (of, options = {}) => client.list(of, within(options)),
    page: (of, options = {}) => client.page(of, within(options)),
    watch: (of, options) => client.watch(of, options),
    request: (call) => client.request(within(call)),
    close: () => client.close(),
    create: async (at, object, options = {}) => client.create(at, object, writing(at, options)),
    apply: async (at, intent, options) => client.apply(at, intent, writing(at, options)),
    patch: async (at, patch, options) => client.patch(at, patch, writing(at, options)),
    remove: async (at, options = {}) => client.remove(at, writing(at, options)),
  };
}

function notOurs({ namespace }: Scope, serves: Fence['serves']): string | undefined {
  if (namespace === undefined || serves === undefined || serves(namespace)) return undefined;
  return 'another operator serves its namespace by now';
}

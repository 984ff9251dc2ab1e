import type { Backoff } from './backoff.ts';
import type { Clock } from './clock.ts';
import type { Outcome } from './outcome.ts';
import type { Queue } from './queue.ts';

interface LoopHooks<Key extends string> {
  /** Called when a look ended; `tookMs` is how long it took. A thrown error arrives here as a `retry`. */
  readonly looked?: (key: Key, outcome: Outcome, tookMs: number) => void;
  /** Called when the loop was stopped and this key did not end in time. */
  readonly abandoned?: (key: Key) => void;
}

export interface LoopOptions<Key extends string> {
  readonly queue: Queue<Key>;
  /** How many keys are looked at in parallel. */
  readonly workers: number;
  /** Looks at one key. */
  readonly reconcile: (key: Key) => Promise<Outcome>;
  readonly backoff: Backoff;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** How long the loop waits for keys in hand after `signal` was aborted; 4 s by default. */
  readonly stopWithinMs?: number;
  readonly hooks?: LoopHooks<Key>;
}

/**
 * Looks at keys until the signal is aborted. Then it lets the looks in hand end, within a deadline, and resolves; the
 * caller must end those that were abandoned. A key whose look throws is retried with back-off, and other keys are not
 * affected. It rejects only when a hook throws.
 */
export async function runLoop<Key extends string>(options: LoopOptions<Key>): Promise<void> {
  const { queue, clock, signal } = options;
  const workers = Array.from({ length: options.workers }, () => work(options));
  // Workers end only by `shutDown` or by a hook that throws, and that fault must be seen.
  await Promise.race([whenAborted(signal), Promise.all(workers)]);
  const quiet = new AbortController();
  const idle = queue.shutDown().then(() => quiet.abort());
  await clock.sleep(options.stopWithinMs ?? 4_000, quiet.signal);
  if (quiet.signal.aborted) {
    await Promise.all([idle, ...workers]);
    return;
  }
  for (const key of queue.inHandMs().keys()) options.hooks?.abandoned?.(key);
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function work<Key extends string>(options: LoopOptions<Key>): Promise<void> {
  const { queue, clock } = options;
  for (let key = await queue.take(); key !== undefined; key = await queue.take()) {
    const startMs = clock.monotonicMs();
    const outcome = await look(key, options);
    schedule(key, outcome, options);
    queue.finish(key);
    options.hooks?.looked?.(key, outcome, clock.monotonicMs() - startMs);
  }
}

async function look<Key extends string>(key: Key, options: LoopOptions<Key>): Promise<Outcome> {
  try {
    return await options.reconcile(key);
  } catch (error) {
    return { kind: 'retry', error };
  }
}

function schedule<Key extends string>(key: Key, outcome: Outcome, options: LoopOptions<Key>): void {
  const { queue, backoff } = options;
  if (outcome.kind === 'retry') {
    queue.retryAfter(key, Math.max(outcome.lookAgainMs ?? 0, backoff.nextMs(key)));
    return;
  }
  backoff.forget(key);
  if (outcome.kind === 'again') queue.addAfter(key, outcome.lookAgainMs);
}

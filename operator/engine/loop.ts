import type { Backoff } from './backoff.ts';
import type { Clock } from './clock.ts';
import type { Outcome } from './outcome.ts';
import type { Queue } from './queue.ts';

interface LoopHooks<Key extends string> {
  /** A look ended; `tookMs` is how long it took. A thrown error arrives here as a `retry`. */
  readonly looked?: (key: Key, outcome: Outcome, tookMs: number) => void;
  /** The loop was stopped and this key did not end in time. */
  readonly abandoned?: (key: Key) => void;
}

export interface LoopOptions<Key extends string> {
  readonly queue: Queue<Key>;
  /** How many keys are looked at side by side. */
  readonly workers: number;
  /** Looks at one key. */
  readonly reconcile: (key: Key) => Promise<Outcome>;
  readonly backoff: Backoff;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** How long a key in hand is waited for after `signal` was aborted; 4 s when not given. */
  readonly stopWithinMs?: number;
  readonly hooks?: LoopHooks<Key>;
}

/**
 * Looks at keys until the signal is aborted, then lets those in hand end, within a deadline, and resolves; the caller ends
 * what was abandoned. A key that throws is retried with back-off and no other key notices; it rejects only when a hook throws.
 */
export async function runLoop<Key extends string>(options: LoopOptions<Key>): Promise<void> {
  const { queue, clock, signal } = options;
  const workers = Array.from({ length: options.workers }, () => work(options));
  // Workers end only by shutDown, or by a hook that throws: a fault that must not stay unseen.
  await Promise.race([aborted(signal), Promise.all(workers)]);
  const quiet = new AbortController();
  const idle = queue.shutDown().then(() => quiet.abort());
  await clock.sleep(options.stopWithinMs ?? 4_000, quiet.signal);
  if (quiet.signal.aborted) {
    await Promise.all([idle, ...workers]);
    return;
  }
  for (const key of queue.inHandMs().keys()) options.hooks?.abandoned?.(key);
}

function aborted(signal: AbortSignal): Promise<void> {
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
    queue.retryAfter(key, Math.max(outcome.afterMs ?? 0, backoff.nextMs(key)));
    return;
  }
  backoff.forget(key);
  if (outcome.kind === 'again') queue.addAfter(key, outcome.afterMs);
}

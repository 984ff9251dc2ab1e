import type { Clock } from '../engine/clock.ts';

/** What is known of one thing that is read again and again. */
export interface Polled<Answer> {
  /** The newest answer; undefined: there was none yet. */
  readonly answer?: Answer;
  /** When that answer came, on the monotonic clock. */
  readonly answeredMs?: number;
  /** Why the newest read failed; absent: it did not. */
  readonly error?: unknown;
  /** Reads that have ended. */
  readonly reads: number;
}

interface Poll<Answer> {
  polled: Polled<Answer>;
  beganMs: number;
  wantedMs: number;
  isReading: boolean;
}

export interface PollsOptions<What, Answer> {
  readonly clock: Clock;
  readonly everyMs: number;
  /** Reads once. `before`: the answer that there was. Rejects when it cannot be read. */
  readonly read: (what: What, before: Answer | undefined) => Promise<Answer>;
  /** Called when a read has ended. */
  readonly onNews: () => void;
}

/** What nobody has wanted for so many periods is forgotten. */
const FORGET_AFTER = 4;

/** Reads what is wanted, again and again for as long as it is wanted, and keeps the newest answer of each. */
export class Polls<What, Answer> {
  readonly #options: PollsOptions<What, Answer>;
  readonly #polls = new Map<string, Poll<Answer>>();

  constructor(options: PollsOptions<What, Answer>) {
    this.#options = options;
  }

  /** What is known of a thing now. It is read when it was not for one period; `key` tells it from others. */
  want(key: string, what: What): Polled<Answer> {
    const { clock, everyMs } = this.#options;
    const nowMs = clock.monotonicMs();
    const poll = this.#polls.get(key) ?? {
      polled: { reads: 0 },
      beganMs: -Infinity,
      wantedMs: nowMs,
      isReading: false,
    };
    this.#polls.set(key, poll);
    poll.wantedMs = nowMs;
    if (!poll.isReading && nowMs - poll.beganMs >= everyMs) void this.#read(poll, what, nowMs);
    return poll.polled;
  }

  /** Forgets what nobody wants any more. */
  sweep(): void {
    const { clock, everyMs } = this.#options;
    const oldestMs = clock.monotonicMs() - FORGET_AFTER * everyMs;
    for (const [key, { wantedMs }] of this.#polls) if (wantedMs < oldestMs) this.#polls.delete(key);
  }

  async #read(poll: Poll<Answer>, what: What, nowMs: number): Promise<void> {
    const { clock, read, onNews } = this.#options;
    poll.isReading = true;
    poll.beganMs = nowMs;
    const { error: _, ...before } = poll.polled;
    const reads = before.reads + 1;
    try {
      const answer = await read(what, before.answer);
      poll.polled = { answer, answeredMs: clock.monotonicMs(), reads };
    } catch (error) {
      poll.polled = { ...before, error, reads };
    }
    poll.isReading = false;
    onNews();
  }
}

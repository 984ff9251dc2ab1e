/** How one second's requests to one target ended. The load writes one such line a second. */
interface Second {
  readonly target: string;
  readonly unix: number;
  readonly sent: number;
  readonly failed: number;
  readonly errors?: Readonly<Record<string, number>>;
  readonly maxMs: number;
}

/** How all requests to one service ended. */
export interface Traffic {
  readonly sent: number;
  readonly failed: number;
  readonly errors: Readonly<Record<string, number>>;
  /** The slowest answer, in ms. */
  readonly maxMs: number;
  /** Seconds since the beginning in which requests failed, and how many. */
  readonly failures: readonly { readonly second: number; readonly failed: number }[];
}

/** Sums up what the load wrote of one target between two moments of the wall clock. */
export function trafficOf(
  log: string,
  target: string,
  span: { readonly fromMs: number; readonly toMs: number },
): Traffic {
  const from = Math.floor(span.fromMs / 1000);
  const seconds = secondsOf(log).filter(
    (second) => second.target === target && second.unix >= from && second.unix < span.toMs / 1000,
  );
  const errors: Record<string, number> = {};
  for (const second of seconds)
    for (const [kind, count] of Object.entries(second.errors ?? {})) errors[kind] = (errors[kind] ?? 0) + count;
  const sum = (of: (second: Second) => number): number => seconds.reduce((total, second) => total + of(second), 0);
  return {
    sent: sum(({ sent }) => sent),
    failed: sum(({ failed }) => failed),
    errors,
    maxMs: Math.max(0, ...seconds.map(({ maxMs }) => maxMs)),
    failures: seconds
      .filter(({ failed }) => failed > 0)
      .map(({ unix, failed }) => ({ second: unix - from, failed }))
      .toSorted((a, b) => a.second - b.second),
  };
}

/** The last second for which the load has reported all targets. */
export function toldUntil(log: string): number {
  const last = new Map<string, number>();
  for (const { target, unix } of secondsOf(log)) last.set(target, unix);
  return last.size === 0 ? 0 : Math.min(...last.values());
}

function secondsOf(log: string): readonly Second[] {
  return log
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line) as Second);
}

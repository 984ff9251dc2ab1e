/** The state of one watch: whether its list was read once, and how long ago it last sent an event or a bookmark. */
export interface WatchState {
  readonly resource: string;
  readonly synced: boolean;
  readonly silentMs: number;
}

/** An idle watch sends a bookmark once a minute. When three are missing, our view may be stale. */
const silenceLimitMs = 180_000;

/** Why the operator is not ready, a sentence each; an empty list when it is. */
export function readinessFaults(watches: readonly WatchState[]): string[] {
  if (watches.length === 0) return ['no watch has been started yet'];
  return watches.flatMap((watch) => {
    if (!watch.synced) return [`${watch.resource}: not listed yet`];
    if (watch.silentMs > silenceLimitMs) {
      return [`${watch.resource}: no event and no bookmark for ${Math.round(watch.silentMs / 1000)} s`];
    }
    return [];
  });
}

/** What is known of one watch: whether its list was read once, and how long ago it last spoke (an event or a bookmark). */
export interface WatchState {
  readonly resource: string;
  readonly synced: boolean;
  readonly silentMs: number;
}

/** Bookmarks come once a minute on an idle watch: three missed in a row mean that the view may be stale. */
const silenceLimitMs = 180_000;

/** Why the operator is not ready, a sentence each; an empty list when it is. */
export function readinessFaults(watches: readonly WatchState[]): string[] {
  if (watches.length === 0) return ['no watch has been started yet'];
  return watches.flatMap((watch) => {
    if (!watch.synced) return [`${watch.resource}: not listed yet`];
    if (watch.silentMs > silenceLimitMs) {
      return [`${watch.resource}: neither event nor bookmark for ${Math.round(watch.silentMs / 1000)} s`];
    }
    return [];
  });
}

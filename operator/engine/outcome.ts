/**
 * How one look at a key ended: nothing to come, look again after a while (not a failure), or failed and to be retried
 * with back-off, yet not before `afterMs`.
 */
export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'again'; readonly afterMs: number }
  | { readonly kind: 'retry'; readonly error: unknown; readonly afterMs?: number };

export const done: Outcome = { kind: 'done' };

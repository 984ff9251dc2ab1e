/**
 * How one look at a key ended: done; look again after a while, which is no failure; or failed, to be retried with
 * back-off but not before `afterMs`.
 */
export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'again'; readonly afterMs: number }
  | { readonly kind: 'retry'; readonly error: unknown; readonly afterMs?: number };

export const done: Outcome = { kind: 'done' };

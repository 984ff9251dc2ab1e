/**
 * How one look at a key ended: done; look again after a while, which is no failure; or failed, to be retried with
 * back-off but not before `lookAgainMs`.
 */
export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'again'; readonly lookAgainMs: number }
  | { readonly kind: 'retry'; readonly error: unknown; readonly lookAgainMs?: number };

export const done: Outcome = { kind: 'done' };

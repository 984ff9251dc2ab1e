import type { Right } from './rights.ts';

/**
 * Everything that can go wrong with a call. From the server: by HTTP status and reason. From us: `timeout` (no answer
 * in time), `connection` (reset, refused, TLS), `aborted` (by the caller's signal), `malformed` (an unexpected answer).
 * `notServed` is a 404 for the whole resource: its CRD is not installed.
 */
export type ApiErrorCode =
  | 'notFound'
  | 'notServed'
  | 'alreadyExists'
  | 'conflict'
  | 'expired'
  | 'badRequest'
  | 'unauthorized'
  | 'forbidden'
  | 'invalid'
  | 'tooManyRequests'
  | 'unavailable'
  | 'timeout'
  | 'connection'
  | 'aborted'
  | 'malformed';

/** What the server objects to in one field. */
export interface FieldCause {
  readonly field: string;
  readonly message: string;
  /** A word for programs, such as `FieldValueRequired`; empty when the server gives none. */
  readonly reason: string;
}

export interface ApiErrorDetails {
  readonly code: ApiErrorCode;
  readonly doing: string;
  readonly why: string;
  readonly status?: number;
  readonly reason?: string;
  readonly retryAfterMs?: number;
  readonly causes?: readonly FieldCause[];
  readonly rights?: readonly Right[];
  readonly cause?: unknown;
}

/** A failed call. Its message is `what we were doing: what the server said; field: cause`. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ApiErrorCode;
  /** HTTP status; undefined when the server did not answer. */
  readonly status: number | undefined;
  readonly reason: string | undefined;
  readonly doing: string;
  /** What was wrong, without `doing`: for the message of a condition. */
  readonly why: string;
  readonly retryAfterMs: number | undefined;
  readonly causes: readonly FieldCause[];
  /** The rights that the call needs. Empty when the server did not answer. */
  readonly rights: readonly Right[];

  constructor(details: ApiErrorDetails) {
    super(`${details.doing}: ${details.why}`, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.doing = details.doing;
    this.why = details.why;
    this.status = details.status;
    this.reason = details.reason;
    this.retryAfterMs = details.retryAfterMs;
    this.causes = details.causes ?? [];
    this.rights = details.rights ?? [];
  }
}

/** What the caller should do about an error. */
export type Verdict =
  | { readonly kind: 'gone' }
  | { readonly kind: 'stale' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'trouble'; readonly retryAfterMs?: number };

const verdictOf: Readonly<Record<ApiErrorCode, Verdict['kind']>> = {
  notFound: 'gone',
  alreadyExists: 'stale',
  conflict: 'stale',
  expired: 'stale',
  badRequest: 'refused',
  forbidden: 'refused',
  invalid: 'refused',
  notServed: 'trouble',
  unauthorized: 'trouble',
  tooManyRequests: 'trouble',
  unavailable: 'trouble',
  timeout: 'trouble',
  connection: 'trouble',
  aborted: 'trouble',
  malformed: 'trouble',
};

/**
 * Judges any error.
 *
 * - `gone`: the object is not there.
 * - `stale`: the caller's view is outdated; look again now. `alreadyExists` is such an error: the caller saw no object
 *   of this name, and will see it when it looks again.
 * - `refused`: do not retry until something changes.
 * - `trouble`: everything else, also errors that did not come from a call; back off.
 */
export function verdict(error: unknown): Verdict {
  if (!(error instanceof ApiError)) return { kind: 'trouble' };
  const kind = verdictOf[error.code];
  if (kind !== 'trouble' || error.retryAfterMs === undefined) return { kind };
  return { kind, retryAfterMs: error.retryAfterMs };
}

/** Whether an error is an `ApiError` of this code. */
export function isCode(error: unknown, code: ApiErrorCode): error is ApiError {
  return error instanceof ApiError && error.code === code;
}

/** The message of a thrown value of any type. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import { ApiError } from './errors.ts';
import type { ApiErrorCode, FieldCause } from './errors.ts';
import type { Right } from './rights.ts';

/** The `Status` object in which the API server describes an error. */
export interface Status {
  readonly kind: 'Status';
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: {
    readonly retryAfterSeconds?: number;
    readonly causes?: readonly { readonly reason?: string; readonly message?: string; readonly field?: string }[];
  };
}

/** An HTTP answer that is not a success. */
export interface BadAnswer {
  readonly doing: string;
  readonly status: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string | string[] | undefined>>;
  /** The rights that the call needs. */
  readonly rights?: readonly Right[];
}

/** Turns an answer with an error status into an error. */
export function errorFromAnswer(answer: BadAnswer): ApiError {
  const { doing, status, text, rights = [] } = answer;
  const told = statusIn(text);
  const retryAfterMs = retryAfter(answer.headers ?? {});
  if (told !== undefined) {
    const error = { ...told, code: status };
    return errorFromStatus(doing, error, { retryAfterMs, rights });
  }
  const short = text.trim().slice(0, 200);
  const why = short === '' ? `HTTP status ${status}` : `HTTP status ${status}: ${short}`;
  const code = status === 404 ? 'notServed' : codeOf(status, undefined);
  return new ApiError({ code, doing, why, status, rights, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
}

/** Turns a `Status`, as it comes with an HTTP error or inside a watch, into an error. */
export function errorFromStatus(
  doing: string,
  status: Status,
  {
    retryAfterMs,
    rights = [],
  }: { readonly retryAfterMs?: number | undefined; readonly rights?: readonly Right[] } = {},
): ApiError {
  const causes = (status.details?.causes ?? []).map(({ field = '', message = '', reason = '' }): FieldCause => {
    return { field, message, reason };
  });
  const seconds = status.details?.retryAfterSeconds;
  const waitMs = retryAfterMs ?? (seconds === undefined || seconds <= 0 ? undefined : seconds * 1000);
  const tooNew = causes.some(({ reason }) => reason === 'ResourceVersionTooLarge');
  return new ApiError({
    code: tooNew ? 'expired' : isUntyped(status) ? 'invalid' : codeOf(status.code ?? 500, status.reason),
    doing,
    why: worded(status.message ?? status.reason ?? 'no reason was given', causes),
    causes,
    rights,
    ...(status.code === undefined ? {} : { status: status.code }),
    ...(status.reason === undefined ? {} : { reason: status.reason }),
    ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
  });
}

/**
 * The server answers 500 to a server-side apply with a field that is not in the schema, as if the fault were its own.
 */
function isUntyped({ code, message = '' }: Status): boolean {
  return code === 500 && message.startsWith('failed to create typed patch object');
}

/** The message, and after it the causes that it does not contain already. */
function worded(message: string, causes: readonly FieldCause[]): string {
  const missing = causes.filter((cause) => cause.message !== '' && !message.includes(cause.message));
  return [message, ...missing.map(({ field, message: said }) => (field === '' ? said : `${field}: ${said}`))].join(
    '; ',
  );
}

const byStatus: Readonly<Record<number, ApiErrorCode>> = {
  400: 'badRequest',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'notFound',
  405: 'badRequest',
  406: 'badRequest',
  409: 'conflict',
  410: 'expired',
  413: 'badRequest',
  415: 'badRequest',
  422: 'invalid',
  429: 'tooManyRequests',
  504: 'timeout',
};

function codeOf(status: number, reason: string | undefined): ApiErrorCode {
  if (status === 409 && reason === 'AlreadyExists') return 'alreadyExists';
  return byStatus[status] ?? 'unavailable';
}

function statusIn(text: string): Status | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isStatus(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

export function isStatus(value: unknown): value is Status {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'Status';
}

/**
 * `Retry-After` in milliseconds. A date in it is compared with the server's own `Date` header, never with our clock.
 */
function retryAfter(headers: NonNullable<BadAnswer['headers']>): number | undefined {
  const value = headers['retry-after'];
  if (typeof value !== 'string') return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const waitMs = Date.parse(value) - Date.parse(String(headers['date']));
  return Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs);
}

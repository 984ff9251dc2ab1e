import { request } from 'undici';
import type { Dispatcher } from 'undici';
import type { Clock } from '../engine/clock.ts';
import type { Access, Config } from './config.ts';
import { Deadline } from './deadline.ts';
import { ApiError, messageOf } from './errors.ts';
import type { Right } from './rights.ts';
import { errorFromAnswer } from './status.ts';

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly contentType?: string;
  /** `application/json` when not given. */
  readonly accept?: string;
  readonly doing: string;
  /** What it needs a right to. */
  readonly rights?: readonly Right[];
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
  readonly beforeSending?: () => void;
}

/** An answer whose body is yet to be read; call `close` at the end. */
export interface Stream {
  readonly body: AsyncIterable<Uint8Array>;
  readonly deadline: Deadline;
  /** Turns an error from reading the body into an `ApiError`. */
  readonly wrap: (error: unknown) => ApiError;
  readonly close: () => void;
}

export interface TransportOptions {
  readonly config: Config;
  readonly clock: Clock;
  /** The name that the API server logs: `kitchen-operator/0.1.0`. */
  readonly userAgent: string;
  /** Called after every request, each sending counted, with its method and status code (`<error>` without an answer). */
  readonly answered?: (method: string, code: string) => void;
}

const defaultTimeoutMs = 30_000;
/** A page of 500 objects has some megabytes. A longer answer is taken for broken, so that it cannot fill the memory. */
const maxAnswerBytes = 256 * 1024 * 1024;

/** Sends requests with credentials and a time limit, and turns everything that goes wrong into an `ApiError`. */
export class Transport {
  readonly #options: TransportOptions;
  readonly #closed = new AbortController();

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  /** The parsed JSON of the answer, or its text when it is not JSON. */
  async call(call: Call): Promise<unknown> {
    const deadline = this.#deadline(call);
    try {
      const answer = await this.#send(call, deadline, 'calls');
      const text = await readText(answer.body);
      return isJson(answer) ? (JSON.parse(text) as unknown) : text;
    } catch (error) {
      throw wrapped(error, call.doing, deadline);
    } finally {
      deadline.clear();
    }
  }

  /** Opens a watch. The time limit covers the beginning of the answer; after that the caller must renew it. */
  async stream(call: Call): Promise<Stream> {
    const deadline = this.#deadline(call);
    try {
      const { body } = await this.#send(call, deadline, 'watches');
      // A body that is destroyed before its end emits an error, and without a listener that would end the process.
      const close = (): void => {
        deadline.clear();
        body.on('error', () => undefined).destroy();
      };
      return { body, deadline, close, wrap: (error) => wrapped(error, call.doing, deadline) };
    } catch (error) {
      deadline.clear();
      throw wrapped(error, call.doing, deadline);
    }
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#options.config.close();
  }

  #deadline(call: Call): Deadline {
    const outer = call.signal === undefined ? [this.#closed.signal] : [this.#closed.signal, call.signal];
    const deadline = new Deadline({ clock: this.#options.clock, doing: call.doing, outer });
    deadline.allow(call.timeoutMs ?? defaultTimeoutMs, 'no answer');
    return deadline;
  }

  /** Sends a request, and sends it once more with new credentials when the first were not accepted. */
  async #send(call: Call, deadline: Deadline, pool: 'calls' | 'watches'): Promise<Dispatcher.ResponseData> {
    const { config } = this.#options;
    const access = await letIn(call.doing, deadline, config.access());
    const answer = await this.#request({ call, deadline, access, pool });
    if (answer.statusCode !== 401) return accepted(answer, call);
    await answer.body.dump();
    const renewed = config.renew(access).then(() => config.access());
    const newAccess = await letIn(call.doing, deadline, renewed);
    return accepted(await this.#request({ call, deadline, access: newAccess, pool }), call);
  }

  async #request(exchange: Exchange): Promise<Dispatcher.ResponseData> {
    const { method, beforeSending } = exchange.call;
    beforeSending?.();
    const { answered } = this.#options;
    try {
      const answer = await this.#exchange(exchange);
      answered?.(method, String(answer.statusCode));
      return answer;
    } catch (error) {
      answered?.(method, '<error>');
      throw error;
    }
  }

  #exchange({ call, deadline, access, pool }: Exchange): Promise<Dispatcher.ResponseData> {
    const headers: Record<string, string> = {
      ...access.headers,
      accept: call.accept ?? 'application/json',
      'user-agent': this.#options.userAgent,
    };
    if (call.body !== undefined) headers['content-type'] = call.contentType ?? 'application/json';
    return request(this.#options.config.server + call.path + queryOf(call.query), {
      method: call.method,
      headers,
      body: call.body === undefined ? null : JSON.stringify(call.body),
      signal: deadline.signal,
      dispatcher: access.pools[pool],
    });
  }
}

interface Exchange {
  readonly call: Call;
  readonly deadline: Deadline;
  readonly access: Access;
  readonly pool: 'calls' | 'watches';
}

/** Waits for credentials until the deadline at most: a log-in program may hang. */
async function letIn(doing: string, deadline: Deadline, access: Promise<Access>): Promise<Access> {
  const { signal } = deadline;
  let stop: (() => void) | undefined;
  const ended = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as ApiError);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([access, ended]);
  } catch (cause) {
    if (cause instanceof ApiError) throw cause;
    throw new ApiError({ code: 'unauthorized', doing, why: `no credentials: ${messageOf(cause)}`, cause });
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
}

async function accepted(
  answer: Dispatcher.ResponseData,
  { doing, rights = [] }: Call,
): Promise<Dispatcher.ResponseData> {
  if (answer.statusCode < 300) return answer;
  const text = await readText(answer.body);
  throw errorFromAnswer({ doing, status: answer.statusCode, text, headers: answer.headers, rights });
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxAnswerBytes) throw new RangeError(`an answer of more than ${maxAnswerBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function isJson(answer: Dispatcher.ResponseData): boolean {
  return String(answer.headers['content-type']).includes('json');
}

function queryOf(query: Call['query'] = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') params.set(name, String(value));
  }
  return params.size === 0 ? '' : `?${params.toString()}`;
}

function wrapped(error: unknown, doing: string, deadline: Deadline): ApiError {
  if (error instanceof ApiError) return error;
  if (deadline.signal.reason instanceof ApiError) return deadline.signal.reason;
  const malformed = error instanceof SyntaxError || error instanceof RangeError || error instanceof TypeError;
  return new ApiError({ code: malformed ? 'malformed' : 'connection', doing, why: whyOf(error), cause: error });
}

/** When several addresses fail, the error has no message, but a code. */
function whyOf(error: unknown): string {
  const message = messageOf(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (message === '') return code === '' ? 'the connection failed' : code;
  return code === '' || message.includes(code) ? message : `${message} (${code})`;
}

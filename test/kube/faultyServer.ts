import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { asAsked, MemoryApi, placeOf, selects, statusOf } from './memoryApi.ts';
import type { ApiRequest, MemoryEvent } from './memoryApi.ts';

/** What the server does instead of answering. `hang` keeps the connection and says nothing: half open. */
export type Fault =
  | { readonly kind: 'reset' }
  | { readonly kind: 'hang' }
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: unknown;
    };

interface Script {
  readonly on: (request: ApiRequest) => boolean;
  readonly fault: Fault;
  times: number;
}

/** An API server on loopback that fails as it is told to. Plain HTTP; TLS is the real API server's part of the suite. */
export class FaultyServer {
  readonly api = new MemoryApi();
  readonly requests: ApiRequest[] = [];
  /** The token that is accepted; any when undefined. */
  token: string | undefined;
  /** When false, watches stay open and get nothing: half open. */
  talks = true;
  readonly #scripts: Script[] = [];
  readonly #watches = new Set<ServerResponse>();
  #server: Server;
  #port = 0;

  constructor() {
    this.#server = this.#newServer();
  }

  async start(): Promise<this> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
    this.#server = this.#newServer();
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get watches(): number {
    return this.#watches.size;
  }

  /** The next `times` requests that match meet this fault. */
  fail(on: (request: ApiRequest) => boolean, fault: Fault, times = 1): void {
    this.#scripts.push({ on, fault, times });
  }

  resetWatches(): void {
    for (const watch of this.#watches) watch.socket?.resetAndDestroy();
  }

  endWatches(): void {
    for (const watch of this.#watches) watch.end();
  }

  /** Sends a line to every watch, as it is. */
  say(line: string): void {
    for (const watch of this.#watches) watch.write(`${line}\n`);
  }

  bookmark(): void {
    this.say(JSON.stringify({ type: 'BOOKMARK', object: { metadata: { resourceVersion: this.api.version } } }));
  }

  #newServer(): Server {
    return createServer((request, response) => void this.#serve(request, response));
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(message);
    this.requests.push(request);
    const script = this.#scripts.find(({ on, times }) => times > 0 && on(request));
    if (script !== undefined) {
      script.times -= 1;
      fail(message, response, script.fault);
    } else if (this.token !== undefined && request.headers['authorization'] !== `Bearer ${this.token}`) {
      send(response, statusOf(401, 'Unauthorized', { message: 'Unauthorized' }));
    } else if (request.query.get('watch') === 'true') {
      this.#watch(request, response);
    } else {
      send(response, this.api.handle(request));
    }
  }

  #watch(request: ApiRequest, response: ServerResponse): void {
    const from = Number(request.query.get('resourceVersion'));
    const place = placeOf(request.path);
    if (from < this.api.oldest)
      return send(response, statusOf(410, 'Expired', { message: 'too old resource version' }));
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    const tell = ({ type, collection, object }: MemoryEvent): void => {
      const inPlace =
        collection === place?.collection &&
        (place.namespace ?? object.metadata.namespace) === object.metadata.namespace;
      if (this.talks && inPlace && selects(request.query, object))
        response.write(`${JSON.stringify({ type, object: asAsked(request, object) })}\n`);
    };
    for (const event of this.api.history) if (event.version > from) tell(event);
    const stop = this.api.onEvent(tell);
    this.#watches.add(response);
    response.on('close', () => {
      stop();
      this.#watches.delete(response);
    });
    return undefined;
  }
}

async function readRequest(message: IncomingMessage): Promise<ApiRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const { pathname, searchParams } = new URL(message.url ?? '/', 'http://server');
  const text = Buffer.concat(chunks).toString('utf8');
  const { method = 'GET', headers } = message;
  return {
    method,
    path: pathname,
    query: searchParams,
    headers,
    body: text === '' ? undefined : (JSON.parse(text) as unknown),
  };
}

function fail(message: IncomingMessage, response: ServerResponse, fault: Fault): void {
  if (fault.kind === 'reset') message.socket.resetAndDestroy();
  if (fault.kind !== 'answer') return;
  for (const [name, value] of Object.entries(fault.headers ?? {})) response.setHeader(name, value);
  send(response, { status: fault.status, body: fault.body ?? '' });
}

function send(response: ServerResponse, answer: { status: number; body: unknown }): void {
  const isText = typeof answer.body === 'string';
  response.writeHead(answer.status, { 'content-type': isText ? 'text/plain' : 'application/json' });
  response.end(isText ? answer.body : JSON.stringify(answer.body));
}

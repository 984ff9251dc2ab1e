import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Agent, request as send } from 'undici';
import type { Dispatcher } from 'undici';
import { Feed } from './feed.ts';
import type { FedEvent } from './feed.ts';
import { describeProxied, readProxied } from './proxied.ts';
import type { Proxied } from './proxied.ts';
import { Rules } from './rules.ts';
import type { Fault, Rule } from './rules.ts';
import { WriteKinds } from './writes.ts';
import type { WriteKind } from './writes.ts';

export interface Upstream {
  readonly server: string;
  /** PEM; undefined for plain HTTP. */
  readonly ca?: string;
}

/** An event that is never told, and what to do when that happened. */
export interface Drop {
  readonly resource: string;
  readonly which: (event: FedEvent) => boolean;
  readonly done: () => void;
}

/** A write as it went through. */
export interface Noted {
  readonly write: WriteKind;
  readonly what: string;
  /** What the API server answered. */
  readonly status: number;
  readonly authorization: string;
}

const passedOn = new Set(['authorization', 'accept', 'content-type', 'user-agent']);

/**
 * Stands between an operator and the API server, on loopback and over plain HTTP, and makes go wrong what it is told to:
 * requests by rules, watches by resource. Credentials are passed on as they are.
 */
export class FaultyProxy implements AsyncDisposable {
  readonly #upstream: Upstream;
  readonly #agent: Agent;
  readonly #server: Server;
  readonly #rules = new Rules();
  readonly #kinds = new WriteKinds();
  readonly #feeds = new Set<Feed>();
  readonly #held = new Map<string, () => void>();
  readonly #pictures = new Map<string, string>();
  readonly #frozen = new Set<string>();
  /** The newest list of each resource that filled a store. */
  readonly #lists = new Map<string, Proxied>();
  readonly #began = performance.now();
  #drops: readonly Drop[] = [];
  #isCut = false;
  /** What it did, for people. */
  readonly log: string[] = [];
  /** All writes that the API server has answered, in that order. */
  readonly writes: Noted[] = [];

  private constructor(upstream: Upstream) {
    this.#upstream = upstream;
    this.#agent = new Agent({
      allowH2: false,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: upstream.ca === undefined ? {} : { ca: upstream.ca },
    });
    this.#server = createServer((message, response) => {
      this.#serve(message, response).catch((error: unknown) => {
        this.note(`gave up ${message.method} ${message.url}: ${String(error)}`);
        message.socket.resetAndDestroy();
      });
    });
  }

  static async start(upstream: Upstream): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(upstream);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Returns how to take the rule back. */
  rule(rule: Rule): () => void {
    return this.#rules.add(rule);
  }

  /** Takes back all rules and drops. */
  calm(): void {
    this.#rules.clear();
    this.#drops = [];
  }

  drop(drop: Drop): void {
    this.#drops = [...this.#drops, drop];
  }

  /** The resource's watches say nothing more until `release`; `onHeld` is told when there was something to say. */
  hold(resource: string, onHeld: () => void = () => undefined): void {
    this.note(`holds ${resource} back`);
    this.#held.set(resource, onHeld);
  }

  release(resource: string): void {
    this.note(`lets ${resource} go on`);
    this.#held.delete(resource);
    for (const feed of this.#feedsOf(resource)) feed.release();
  }

  /** Ends the resource's watches as too old, so that it is listed again. */
  expire(resource: string): void {
    this.note(`lets the watch of ${resource} expire`);
    for (const feed of this.#feedsOf(resource)) feed.expire();
  }

  /** Keeps what a list of the resource says now, for `freeze`. */
  async picture(resource: string): Promise<void> {
    const list = this.#lists.get(resource);
    if (list === undefined) throw new Error(`nobody has listed ${resource} yet`);
    const { body } = await this.#forward(list);
    this.#pictures.set(resource, await body.text());
  }

  /** From now on whoever lists the resource is told the picture that was kept, and its watches say nothing, until `thaw`. */
  freeze(resource: string): void {
    this.#frozen.add(resource);
    this.hold(resource);
  }

  thaw(resource: string): void {
    this.#frozen.delete(resource);
    this.release(resource);
  }

  /** Resets every connection, and every new one at its first request, until `mend`. */
  cut(): void {
    this.note('cuts everything off');
    this.#isCut = true;
    this.#server.closeAllConnections();
  }

  mend(): void {
    this.note('lets everything through again');
    this.#isCut = false;
  }

  resetWatches(): void {
    for (const feed of this.#feeds) feed.reset();
  }

  note(line: string): void {
    this.log.push(`${((performance.now() - this.#began) / 1000).toFixed(2)} ${line}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isCut = true;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
    await this.#agent.destroy();
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readProxied(message);
    if (this.#isCut) return void message.socket.resetAndDestroy();
    if (request.isReflectors) this.#lists.set(request.resource, request);
    const write = this.#kinds.kindOf(request);
    const struck = this.#rules.strike(request, write);
    if (struck === undefined) return this.#pass(request, response);
    const { rule, fault } = struck;
    this.note(
      `${fault.kind}${fault.kind === 'reset' ? ` ${fault.when}` : ''}: ${write ?? ''} ${describeProxied(request)}`,
    );
    await this.#strike(request, response, fault);
    rule.done?.(request);
    return undefined;
  }

  async #strike(request: Proxied, response: ServerResponse, fault: Fault): Promise<void> {
    switch (fault.kind) {
      case 'pass':
        return this.#pass(request, response);
      case 'delay':
        await pause(fault.ms);
        return this.#pass(request, response);
      case 'hold':
        await fault.until;
        return this.#pass(request, response);
      case 'holdAnswer':
        return this.#pass(request, response, fault.until);
      case 'reset':
        if (fault.when === 'after') await this.#exchange(request);
        response.socket?.resetAndDestroy();
        return undefined;
      case 'answer':
        break;
    }
    const { status, retryAfterSeconds } = fault;
    if (retryAfterSeconds !== undefined) response.setHeader('retry-after', retryAfterSeconds);
    const body = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: status, message: 'the proxy says so' };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    return undefined;
  }

  async #pass(request: Proxied, response: ServerResponse, until?: Promise<unknown>): Promise<void> {
    if (request.isWatch) return this.#watch(request, response);
    const { resource } = request;
    if (request.isReflectors && this.#frozen.has(resource)) {
      this.note(`tells an old list of ${resource}`);
      response.writeHead(200, { 'content-type': 'application/json' }).end(this.#pictures.get(resource));
      return undefined;
    }
    const { status, headers, text } = await this.#exchange(request);
    await until;
    if (this.#isCut) return void response.socket?.resetAndDestroy();
    for (const name of ['content-type', 'retry-after']) if (headers[name]) response.setHeader(name, headers[name]);
    response.writeHead(status).end(text);
    return undefined;
  }

  /** Sends a call on and reads the whole answer: what it was to do is done then. */
  async #exchange(
    request: Proxied,
  ): Promise<{ status: number; headers: Dispatcher.ResponseData['headers']; text: string }> {
    const write = this.#kinds.kindOf(request);
    const { statusCode: status, headers, body } = await this.#forward(request);
    const text = await body.text();
    const hasFigures =
      /^(deployments|poddisruptionbudgets)$/.test(request.resource) && request.subresource === undefined;
    if (status < 300 && hasFigures) this.#kinds.answered(request, JSON.parse(text));
    if (write === undefined) return { status, headers, text };
    const what = describeProxied(request);
    this.note(`${status} ${write}: ${what}`);
    this.writes.push({ write, what, status, authorization: request.headers.authorization ?? '' });
    return { status, headers, text };
  }

  async #watch(request: Proxied, response: ServerResponse): Promise<void> {
    const { resource } = request;
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const { statusCode, headers, body } = await this.#forward(request, gone.signal);
    response.writeHead(statusCode, { 'content-type': String(headers['content-type']) });
    response.flushHeaders();
    const feed = new Feed(resource, response, {
      holds: () => this.#held.has(resource),
      onHeld: () => this.#held.get(resource)?.(),
      drops: (line) => this.#isDropped(resource, line),
    });
    this.#feeds.add(feed);
    try {
      await feed.follow(body);
    } catch (error) {
      if (!gone.signal.aborted) throw error;
    } finally {
      this.#feeds.delete(feed);
    }
  }

  #isDropped(resource: string, line: string): boolean {
    const drops = this.#drops.filter((each) => each.resource === resource);
    if (drops.length === 0) return false;
    const event = JSON.parse(line) as FedEvent;
    const drop = drops.find((each) => each.which(event));
    if (drop === undefined) return false;
    this.#drops = this.#drops.filter((each) => each !== drop);
    this.note(`drops ${event.type} of ${resource} ${event.object.metadata.name}`);
    drop.done();
    return true;
  }

  #feedsOf(resource: string): readonly Feed[] {
    return [...this.#feeds].filter((feed) => feed.resource === resource);
  }

  #forward({ method, target, headers, text }: Proxied, signal?: AbortSignal): Promise<Dispatcher.ResponseData> {
    const kept = Object.entries(headers).filter(([name]) => passedOn.has(name));
    return send(this.#upstream.server + target, {
      dispatcher: this.#agent,
      method,
      headers: Object.fromEntries(kept) as Record<string, string>,
      body: text === '' ? null : text,
      signal: signal ?? null,
    });
  }
}

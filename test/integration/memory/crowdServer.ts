import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';
import { kindNames, kinds } from '../../../operator/observe/kinds.ts';
import type { KindName } from '../../../operator/observe/kinds.ts';
import { pathOf } from '../../../operator/kube/path.ts';
import type { Crowd } from './crowd.ts';

/** Of an object that was written: what it is now. */
type Written = KubeObject & { readonly status?: object; readonly [field: string]: unknown };

/** Lists, by their path in the whole cluster. */
const lists = new Map(
  kindNames.map((name) => [
    pathOf(kinds[name].resource.namespaced ? { resource: kinds[name].resource } : kinds[name]),
    name,
  ]),
);

/**
 * An API server for a crowd, on loopback, without TLS: lists with pages, watches that tell of writes, and applies of
 * whole objects and of statuses. The Lease of the operator is free, or another one holds and renews it.
 */
export class CrowdServer {
  readonly #crowd: Crowd;
  readonly #isLedByOther: boolean;
  readonly #server: Server;
  readonly #objects = new Map<KindName, Map<string, string>>();
  readonly #watches = new Map<KindName, Set<ServerResponse>>();
  #lease: Written | undefined;
  #version = 10_000_000;
  /** How many objects were applied, and statuses. */
  readonly applied = { objects: 0, statuses: 0 };

  constructor(crowd: Crowd, { isLedByOther }: { readonly isLedByOther: boolean }) {
    this.#crowd = crowd;
    this.#isLedByOther = isLedByOther;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #of(kind: KindName): Map<string, string> {
    const known = this.#objects.get(kind);
    if (known !== undefined) return known;
    const made = new Map<string, string>();
    for (const text of this.#crowd.textsOf(kind)) made.set(nameIn(text), text);
    this.#objects.set(kind, made);
    return made;
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(message.url ?? '/', 'http://server');
    const body = await read(message);
    const parts =
      /^(?<root>\/apis?\/(?:[^/]+\/)?v[^/]+)\/(?:namespaces\/(?<ns>[^/]+)\/)?(?<plural>[a-z]+)(?:\/(?<name>[^/]+))?(?:\/(?<sub>status))?$/.exec(
        pathname,
      )?.groups;
    if (pathname === '/version') return answer(response, { gitVersion: 'v1.37.2' });
    if (parts === undefined) return answer(response, {}, 404);
    const { root = '', plural = '', name, sub } = parts;
    if (plural === 'selfsubjectaccessreviews') return answer(response, { metadata: {}, status: { allowed: true } });
    if (plural === 'events') return answer(response, body ?? {});
    if (plural === 'leases' && parts['ns'] !== 'kube-node-lease') return this.#serveLease(message, response, body);
    const kind = lists.get(`${root}/${plural}`);
    if (kind === undefined) return answer(response, {}, 404);
    if (searchParams.get('watch') === 'true') return this.#watch(kind, response);
    if (name === undefined) return this.#list(kind, searchParams, response);
    const known = this.#of(kind).get(name);
    if (message.method === 'PATCH')
      return answer(response, this.#patch(kind, { known, body: body as Written, name, isStatus: sub === 'status' }));
    return known === undefined ? answer(response, {}, 404) : send(response, known);
  }

  #list(kind: KindName, query: URLSearchParams, response: ServerResponse): void {
    const from = Number(query.get('continue') ?? 0);
    const limit = Number(query.get('limit') ?? Infinity);
    const all = [...this.#of(kind).values()];
    const items = all.slice(from, from + limit);
    const more = from + limit < all.length ? `,"continue":"${from + limit}"` : '';
    send(response, `{"metadata":{"resourceVersion":"${this.#version}"${more}},"items":[${items.join(',')}]}`);
  }

  #watch(kind: KindName, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    const watches = this.#watches.get(kind) ?? new Set();
    this.#watches.set(kind, watches.add(response));
    response.on('close', () => watches.delete(response));
  }

  #patch(
    kind: KindName,
    {
      known,
      body,
      name,
      isStatus,
    }: {
      readonly known: string | undefined;
      readonly body: Written;
      readonly name: string;
      readonly isStatus: boolean;
    },
  ): Written {
    this.#version += 1;
    this.applied[isStatus ? 'statuses' : 'objects'] += 1;
    const before = JSON.parse(known ?? '{"metadata":{}}') as Written;
    const metadata = {
      ...before.metadata,
      ...(isStatus ? {} : { annotations: { ...before.metadata.annotations, ...body.metadata.annotations } }),
      resourceVersion: String(this.#version),
    };
    const after: Written = isStatus
      ? { ...before, metadata, status: { ...before.status, ...body.status } }
      : { ...before, metadata };
    const text = JSON.stringify(after);
    this.#of(kind).set(name, text);
    for (const watch of this.#watches.get(kind) ?? []) watch.write(`{"type":"MODIFIED","object":${text}}\n`);
    return after;
  }

  #serveLease(message: IncomingMessage, response: ServerResponse, body: unknown): void {
    const renewTime = new Date().toISOString().replace('Z', '000Z');
    if (this.#isLedByOther) {
      const spec = { holderIdentity: 'another', leaseDurationSeconds: 15, renewTime };
      return answer(response, {
        metadata: { name: 'kitchen-operator', resourceVersion: String((this.#version += 1)) },
        spec,
      });
    }
    if (message.method === 'GET' && this.#lease === undefined)
      return answer(response, { kind: 'Status', code: 404, reason: 'NotFound' }, 404);
    if (message.method !== 'GET') {
      const given = body as Written;
      this.#lease = {
        ...this.#lease,
        ...given,
        metadata: { ...this.#lease?.metadata, ...given.metadata, resourceVersion: String((this.#version += 1)) },
      };
    }
    return answer(response, this.#lease ?? {});
  }
}

function nameIn(text: string): string {
  return /"name":"([^"]+)","(?:generateName|namespace|resourceVersion|uid)"/.exec(text)?.[1] ?? '';
}

async function read(message: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return chunks.length === 0 ? undefined : (JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown);
}

function answer(response: ServerResponse, body: unknown, status = 200): void {
  send(response, JSON.stringify(body), status);
}

function send(response: ServerResponse, text: string, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(text);
}

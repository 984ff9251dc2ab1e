import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseSelector } from '../../../operator/observe/parseSelector.ts';
import { selects } from '../../../operator/observe/selects.ts';
import { Refused } from './api.ts';
import type { SimulatedApi, Spot, Thing, Told } from './api.ts';

/** A simulated API server behind HTTP, and how many writes it took, by verb and collection. */
export interface Served extends AsyncDisposable {
  readonly url: string;
  readonly writes: ReadonlyMap<string, number>;
}

interface Asked extends Spot {
  readonly method: string;
  readonly subresource: string;
  readonly query: URLSearchParams;
  readonly isPartial: boolean;
  readonly isApply: boolean;
}

interface Watch {
  readonly asked: Asked;
  readonly answer: ServerResponse;
}

const bookmarkMs = 30_000;

/** Serves the API on a free port of this machine. */
export async function serveApi(api: SimulatedApi): Promise<Served> {
  const watches = new Map<string, Set<Watch>>();
  const pages = new Map<string, readonly Thing[]>();
  const writes = new Map<string, number>();
  const stop = api.onChange((told) => {
    for (const watch of watches.get(told.collection) ?? []) tell(watch, told);
  });
  const server = createServer((request, answer) => {
    respond(request, answer).catch((error: unknown) => refuse(answer, error));
  });
  const respond = async (request: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const asked = readRequest(request);
    if (asked === undefined) return send(answer, { gitVersion: 'v1.37.2' });
    if (asked.collection.endsWith('/selfsubjectaccessreviews')) return send(answer, { status: { allowed: true } });
    if (asked.query.get('watch') === 'true') return openWatch(watches, { asked, answer });
    if (asked.method !== 'GET') {
      const what = `${asked.method} ${asked.collection.split('/').at(-1)}${asked.subresource === '' ? '' : '/'}${asked.subresource}`;
      writes.set(what, (writes.get(what) ?? 0) + 1);
      return send(answer, written(api, asked, await bodyOf(request)));
    }
    if (asked.name === '') return sendPage(answer, asked, pageOf(api, asked, pages));
    const found = api.get(asked);
    if (found === undefined) throw new Refused(404, 'NotFound', `"${asked.name}" not found`);
    return send(answer, found);
  };
  const bookmarks = setInterval(() => {
    for (const each of watches.values()) for (const { answer } of each) answer.write(bookmarkAt(api.version));
  }, bookmarkMs);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    writes,
    [Symbol.asyncDispose]: () => {
      stop();
      clearInterval(bookmarks);
      return closed(server);
    },
  };
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

/** Undefined for `/version`. */
function readRequest({ method = 'GET', url = '/', headers }: IncomingMessage): Asked | undefined {
  const { pathname, searchParams: query } = new URL(url, 'http://localhost');
  if (pathname === '/version') return undefined;
  const [, root = '', rest = ''] = /^(\/api\/v1|\/apis\/[^/]+\/[^/]+)\/(.+)$/.exec(pathname) ?? [];
  const parts = rest.split('/').map(decodeURIComponent);
  const isInNamespace = parts[0] === 'namespaces' && parts.length > 2;
  const [plural = '', name = '', subresource = ''] = isInNamespace ? parts.slice(2) : parts;
  const isPartial = String(headers.accept).includes('as=PartialObjectMetadata');
  const namespace = isInNamespace ? (parts[1] ?? '') : '';
  const isApply = String(headers['content-type']).includes('apply-patch');
  return { method, collection: `${root}/${plural}`, namespace, name, subresource, query, isPartial, isApply };
}

function isAsked({ namespace, query }: Asked, object: Thing): boolean {
  if (namespace !== '' && object.metadata.namespace !== namespace) return false;
  const selector = query.get('labelSelector');
  return selector === null || selects(parsed(selector), object.metadata.labels ?? {});
}

const selectors = new Map<string, ReturnType<typeof parseSelector>>();

function parsed(text: string): ReturnType<typeof parseSelector> {
  const known = selectors.get(text) ?? parseSelector(text);
  selectors.set(text, known);
  return known;
}

function asAsked({ isPartial }: Asked, object: Thing): object {
  return isPartial ? { metadata: object.metadata } : object;
}

interface PageOfThings {
  readonly items: readonly Thing[];
  readonly version: string;
  readonly next: string | undefined;
}

function pageOf(api: SimulatedApi, asked: Asked, pages: Map<string, readonly Thing[]>): PageOfThings {
  const [version = api.version, from = '0'] = asked.query.get('continue')?.split(':') ?? [];
  const key = `${version} ${asked.collection} ${asked.namespace} ${asked.query.get('labelSelector')}`;
  const all = pages.get(key) ?? api.list(asked.collection, asked.namespace).filter((object) => isAsked(asked, object));
  const end = Number(from) + Number(asked.query.get('limit') ?? all.length);
  const isLast = end >= all.length;
  if (isLast) pages.delete(key);
  else pages.set(key, all);
  return { items: all.slice(Number(from), end), version, next: isLast ? undefined : `${version}:${end}` };
}

function sendPage(answer: ServerResponse, asked: Asked, { items, version, next }: PageOfThings): void {
  const metadata = { resourceVersion: version, ...(next === undefined ? {} : { continue: next }) };
  send(answer, { kind: 'List', apiVersion: 'v1', metadata, items: items.map((item) => asAsked(asked, item)) });
}

function openWatch(watches: Map<string, Set<Watch>>, watch: Watch): void {
  const { asked, answer } = watch;
  const all = watches.get(asked.collection) ?? new Set();
  watches.set(asked.collection, all.add(watch));
  answer.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
  answer.on('close', () => all.delete(watch));
}

/** An object whose labels no longer match is told as deleted. */
function tell({ asked, answer }: Watch, { type, before, object }: Told): void {
  const [was, is] = [before !== undefined && isAsked(asked, before), isAsked(asked, object)];
  if (!was && !is) return;
  const seen = is ? (was || type === 'DELETED' ? type : 'ADDED') : 'DELETED';
  answer.write(`${JSON.stringify({ type: seen, object: asAsked(asked, object) })}\n`);
}

function bookmarkAt(resourceVersion: string): string {
  return `${JSON.stringify({ type: 'BOOKMARK', object: { metadata: { resourceVersion } } })}\n`;
}

function written(api: SimulatedApi, asked: Asked, body: Thing): object {
  const { method, subresource, query } = asked;
  if (method === 'POST') {
    const { name = `${body.metadata.generateName ?? ''}${api.version}` } = body.metadata;
    return api.create({ ...asked, name }, body);
  }
  if (method === 'DELETE') {
    api.remove(asked, body['preconditions'] ?? {});
    return { kind: 'Status', status: 'Success' };
  }
  if (method === 'PUT') return api.put(asked.collection, body);
  const manager = query.get('fieldManager') ?? '';
  return asked.isApply ? api.apply(asked, body, { manager, subresource }) : api.patch(asked, body, subresource);
}

async function bodyOf(request: IncomingMessage): Promise<Thing> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Thing;
}

function send(answer: ServerResponse, body: object): void {
  answer.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function refuse(answer: ServerResponse, error: unknown): void {
  const { code, reason, message } =
    error instanceof Refused ? error : { code: 500, reason: 'InternalError', message: String(error) };
  const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message };
  answer.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(status));
}

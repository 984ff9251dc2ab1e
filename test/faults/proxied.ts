import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** A request as it goes through the proxy. */
export interface Proxied {
  readonly method: string;
  /** Path and query, as sent. */
  readonly target: string;
  /** Plural, `pods`; empty for what is no resource, such as `/version`. */
  readonly resource: string;
  readonly subresource: string | undefined;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly isWatch: boolean;
  /** A list that fills a store: what is read before something irreversible selects one station by name. */
  readonly isReflectors: boolean;
  readonly userAgent: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The JSON that was sent; undefined when there is none. */
  readonly body: unknown;
}

/** Reads a request to its end. */
export async function readProxied(message: IncomingMessage): Promise<Proxied> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  const { method = 'GET', url: target = '/', headers } = message;
  const { pathname, searchParams } = new URL(target, 'http://proxy');
  const place = placeOf(pathname);
  const isWatch = searchParams.get('watch') === 'true';
  const isList = method === 'GET' && place.resource !== '' && place.name === undefined && !isWatch;
  return {
    ...place,
    method,
    target,
    isWatch,
    isReflectors: isList && !(searchParams.get('labelSelector') ?? '').includes('='),
    userAgent: headers['user-agent'] ?? '',
    headers,
    text,
    body: text === '' ? undefined : (JSON.parse(text) as unknown),
  };
}

/** `PATCH deployments/scale kitchen/grill`. */
export function describeProxied({ method, isWatch, resource, subresource, namespace, name, target }: Proxied): string {
  if (resource === '') return `${method} ${target}`;
  const what = subresource === undefined ? resource : `${resource}/${subresource}`;
  const where = [namespace, name].filter((part) => part !== undefined).join('/');
  return `${isWatch ? 'WATCH' : method} ${what} ${where}`.trimEnd();
}

function placeOf(path: string): Pick<Proxied, 'resource' | 'subresource' | 'namespace' | 'name'> {
  const inCore = /^\/api\/v1\/(.+)$/.exec(path)?.[1];
  const inGroup = /^\/apis\/[^/]+\/[^/]+\/(.+)$/.exec(path)?.[1];
  const parts = (inCore ?? inGroup ?? '').split('/').map(decodeURIComponent);
  const isNamespaced = parts[0] === 'namespaces' && parts.length > 2;
  const [resource = '', name, subresource] = isNamespaced ? parts.slice(2) : parts;
  return { resource, name, subresource, namespace: isNamespaced ? parts[1] : undefined };
}

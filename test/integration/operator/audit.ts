import { readFile } from 'node:fs/promises';

/** A request as the API server noted it. */
export interface Noted {
  readonly verb: string;
  readonly resource: string;
  readonly path: string;
  /** Microseconds tell the order; RFC 3339. */
  readonly time: string;
  /** Which token was shown. */
  readonly credential: string;
  /** The HTTP status of the answer; 0 where none was noted. */
  readonly code: number;
}

interface Line {
  readonly verb: string;
  readonly requestURI: string;
  readonly requestReceivedTimestamp: string;
  readonly user: { readonly username: string; readonly extra?: Readonly<Record<string, readonly string[]>> };
  readonly responseStatus?: { readonly code?: number };
  readonly objectRef?: { readonly resource: string; readonly subresource?: string };
}

/** All requests of a user so far but those about Leases and running watches, oldest first. */
export async function requestsOf(user: string, auditLog: string): Promise<readonly Noted[]> {
  const text = await readFile(auditLog, 'utf8');
  // The last line may not be whole yet.
  const lines = text
    .slice(0, text.lastIndexOf('\n'))
    .split('\n')
    .filter((line) => line.includes(user));
  return lines
    .map((line) => JSON.parse(line) as Line)
    .filter(({ user: { username } }) => username === user)
    .map(notedOf)
    .filter(({ verb, resource }) => verb !== 'watch' && resource !== 'leases')
    .toSorted((a, b) => (a.time < b.time ? -1 : 1));
}

/** Those of them that change something. */
export async function writesOf(user: string, auditLog: string): Promise<readonly Noted[]> {
  const writes = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);
  const reviews = /reviews$/;
  const requests = await requestsOf(user, auditLog);
  return requests.filter(({ verb, resource }) => writes.has(verb) && !reviews.test(resource));
}

function notedOf({ verb, requestURI, requestReceivedTimestamp, objectRef, user, responseStatus }: Line): Noted {
  const { resource = '', subresource } = objectRef ?? {};
  return {
    verb,
    resource: subresource === undefined ? resource : `${resource}/${subresource}`,
    path: requestURI,
    time: requestReceivedTimestamp,
    credential: user.extra?.['authentication.kubernetes.io/credential-id']?.[0] ?? '',
    code: responseStatus?.code ?? 0,
  };
}

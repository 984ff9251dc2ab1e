import { fieldManagers, labels } from '../api/labels.ts';
import type { KubeObject } from '../api/kubernetes/object.ts';
import type { Issued } from '../xds/certificates.ts';
import { authoritiesOf } from './keys.ts';
import type { HubKeys } from './keys.ts';

/** The Secret with the server's keys, and the ConfigMap with the authorities that hubs believe. */
export const KEYS_OBJECT = 'kitchen-hub-keys';
export const AUTHORITY_OBJECT = 'kitchen-hub-authority';
/** The file of the authorities, as hubs look for it. */
export const AUTHORITY_FILE = 'ca.crt';

const CURRENT = 'current';
const NEXT = 'next';

type RawSecret = KubeObject & { readonly data?: Readonly<Record<string, string>> };

interface Written {
  readonly namespace: string;
  readonly resourceVersion: string | undefined;
}

/** The keys in a Secret; undefined where they are not there, or cannot be read. */
export function keysIn(raw: KubeObject): HubKeys | undefined {
  const { data = {} } = raw as RawSecret;
  const current = issuedIn(data[CURRENT]);
  if (current === undefined) return undefined;
  const next = nextIn(data[NEXT]);
  return next === undefined ? { current } : { current, next };
}

/** The Secret with these keys, in the version that they were decided on; undefined: a new one. */
export function keysObject({ current, next }: HubKeys, place: Written): KubeObject {
  const data = {
    [CURRENT]: encoded(current),
    // Null takes it away.
    [NEXT]: next === undefined ? null : encoded(next),
  };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: metadataOf(KEYS_OBJECT, place),
    type: 'Opaque',
    data,
  } as KubeObject;
}

/** The ConfigMap with the authorities of these keys. */
export function authorityObject(keys: HubKeys, place: Written): KubeObject {
  const data = { [AUTHORITY_FILE]: authoritiesOf(keys) };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadataOf(AUTHORITY_OBJECT, place), data } as KubeObject;
}

function metadataOf(name: string, { namespace, resourceVersion }: Written): KubeObject['metadata'] {
  const version = resourceVersion === undefined ? {} : { resourceVersion };
  return { name, namespace, labels: { [labels.managedBy]: fieldManagers.operator }, ...version };
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64');
}

function decoded(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(text ?? '', 'base64').toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function issuedIn(text: string | undefined): Issued | undefined {
  return issued(decoded(text));
}

function issued({ key, cert, authority, notAfterMs }: Readonly<Record<string, unknown>>): Issued | undefined {
  const isWhole = [key, cert, authority].every((part) => typeof part === 'string') && typeof notAfterMs === 'number';
  return isWhole ? ({ key, cert, authority, notAfterMs } as Issued) : undefined;
}

function nextIn(text: string | undefined): HubKeys['next'] {
  const { keys, madeAtMs } = decoded(text);
  const made = typeof keys === 'object' && keys !== null ? issued(keys as Record<string, unknown>) : undefined;
  return made === undefined || typeof madeAtMs !== 'number' ? undefined : { keys: made, madeAtMs };
}

import type { KubeObject } from '../api/kubernetes/object.ts';
import type { Ref, Scope } from './path.ts';

/** Options of every call. */
export interface CallOptions {
  /** The call fails with code `timeout` after this; 30 s by default. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** What is being done, put before the error's message: `scaling grill in zone-a`. By default verb, resource and name. */
  readonly doing?: string;
  /** Called right before each sending of the request (a second one has new credentials); what it throws fails the call. */
  readonly beforeSending?: () => void;
}

export interface Selection {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Objects come with their `metadata` only: a fraction of the bytes, for objects whose spec and status are not read. */
  readonly metadataOnly?: boolean;
}

export interface ListOptions extends CallOptions, Selection {}

export interface PageOptions extends ListOptions {
  readonly limit?: number;
  readonly continueToken?: string;
}

/** One page of a list; `continueToken` is there when more follow. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
  readonly continueToken?: string;
}

export interface List<T> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
}

export interface WriteOptions extends CallOptions {
  readonly fieldManager?: string;
  /** Runs admission and validation and writes nothing. */
  readonly dryRun?: boolean;
}

export interface ApplyOptions extends WriteOptions {
  readonly fieldManager: string;
  /** Takes over fields that others own instead of failing with a conflict. */
  readonly force?: boolean;
}

/** A patch that carries `metadata.resourceVersion` fails with `conflict` when the object has changed since. */
export interface PatchOptions extends WriteOptions {
  readonly type: 'merge' | 'json' | 'strategic';
}

export interface RemoveOptions extends CallOptions {
  /** The delete fails with `conflict` when the object is another one, or has changed. */
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly propagation?: 'Background' | 'Foreground' | 'Orphan';
  readonly dryRun?: boolean;
}

export interface WatchOptions extends Selection {
  readonly resourceVersion: string;
  /** The server ends the watch after this many seconds. */
  readonly timeoutSeconds: number;
  /** The stream fails with code `timeout` when not even a bookmark came for this long: the connection may be dead. */
  readonly idleMs?: number;
  readonly signal?: AbortSignal;
}

export type WatchEvent<T> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string };

/** A call by path, for what has no resource: `/version`, `/openapi/v3`, `/readyz`. */
export interface RawCall extends CallOptions {
  readonly path: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly contentType?: string;
}

/**
 * The API server. Every call has a time limit and fails with an `ApiError` that says what was being done. Reads and
 * lists are consistent (no resourceVersion is sent). Objects are plain JSON, so no field is lost in either direction.
 * Writes validate fields strictly: a misspelt field is refused.
 */
export interface Client {
  get<T extends KubeObject>(at: Ref, options?: CallOptions): Promise<T>;
  /** Reads everything page by page; begins again when the list expires between two pages. */
  list<T extends KubeObject>(of: Scope, options?: ListOptions): Promise<List<T>>;
  /** Reads one page; fails with code `expired` when `continueToken` is too old. */
  page<T extends KubeObject>(of: Scope, options?: PageOptions): Promise<Page<T>>;
  /** Makes an object, or posts to a subresource when `at` names one (`eviction`). */
  create<T extends KubeObject>(at: Scope & Partial<Ref>, object: KubeObject, options?: WriteOptions): Promise<T>;
  /** Server-side apply of the full intent. */
  apply<T extends KubeObject>(at: Ref, intent: KubeObject, options: ApplyOptions): Promise<T>;
  patch<T extends KubeObject>(at: Ref, patch: unknown, options: PatchOptions): Promise<T>;
  remove(at: Ref, options?: RemoveOptions): Promise<void>;
  watch<T extends KubeObject>(of: Scope, options: WatchOptions): AsyncIterable<WatchEvent<T>>;
  /** The parsed JSON of the answer, or its text when it is not JSON. */
  request<T = unknown>(call: RawCall): Promise<T>;
  /** Ends every call and watch and closes the connections. */
  close(): Promise<void>;
}

import { aKey } from '../builders/aKey.ts';
import assert from 'node:assert/strict';
import { systemClock } from '../../operator/engine/clock.ts';
import type { Client, WatchEvent } from '../../operator/kube/client.ts';
import { ApiError, verdict } from '../../operator/kube/errors.ts';
import type { KubeObject, ObjectMeta } from '../../operator/api/kubernetes/object.ts';
import { runReflector } from '../../operator/kube/reflector.ts';
import { configMaps } from '../../operator/api/kubernetes/resource.ts';
import { Store } from '../../operator/kube/store.ts';

/** What the contract is tried against. The namespace must exist and be empty of ConfigMaps labelled `conformance`. */
export interface Subject {
  readonly client: Client;
  readonly namespace: string;
  readonly close: () => Promise<void>;
}

interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

/** What every implementation of client and reflector keeps, on any API server; tests come in order and tidy up. */
export function describeConformance(start: () => Promise<Subject>): void {
  let subject: Subject;
  let label = 0;
  const at = (name: string) => ({ resource: configMaps, namespace: subject.namespace, name });
  const all = () => ({ resource: configMaps, namespace: subject.namespace });

  /** A ConfigMap with the label of the test that runs. */
  function aConfigMap(name: string, data: Record<string, string> = { dish: 'soup' }): ConfigMap {
    const labels = { conformance: `test-${label}` };
    return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: subject.namespace, labels }, data };
  }
  const selection = () => ({ labelSelector: `conformance=test-${label}` });

  before(async () => {
    subject = await start();
  });
  beforeEach(() => {
    label += 1;
  });
  afterEach(async () => {
    const { items } = await subject.client.list(all(), selection());
    for (const { metadata } of items) await subject.client.remove(at(metadata.name ?? ''));
  });
  after(() => subject.close());

  describe('a client', () => {
    it('reads what it created, with the fields the server added', async () => {
      const made = await subject.client.create<ConfigMap>(all(), aConfigMap('menu'));
      const read = await subject.client.get<ConfigMap>(at('menu'));
      assert.deepEqual(read, made);
      assert.deepEqual(read.data, { dish: 'soup' });
      assert.ok(read.metadata.uid && read.metadata.resourceVersion);
    });

    it('says gone, and what was being done, when the object is not there', async () => {
      const error = await failureOf(subject.client.get(at('absent')));
      assert.equal(error.code, 'notFound');
      assert.deepEqual(verdict(error), { kind: 'gone' });
      assert.match(error.message, new RegExp(`^reading configmaps ${subject.namespace}/absent: .*absent.*not found`));
    });

    it('says stale when the object to be made exists already', async () => {
      await subject.client.create(all(), aConfigMap('menu'));
      const error = await failureOf(subject.client.create(all(), aConfigMap('menu')));
      assert.equal(error.code, 'alreadyExists');
      assert.deepEqual(verdict(error), { kind: 'stale' });
    });

    it('says stale when a patch was made for an older version', async () => {
      const { metadata } = await subject.client.create(all(), aConfigMap('menu'));
      const { resourceVersion } = metadata;
      const patch = (dish: string) => ({ metadata: { resourceVersion }, data: { dish } });
      const patched = await subject.client.patch<ConfigMap>(at('menu'), patch('stew'), { type: 'merge' });
      assert.deepEqual(patched.data, { dish: 'stew' });
      const error = await failureOf(subject.client.patch(at('menu'), patch('pie'), { type: 'merge' }));
      assert.equal(error.code, 'conflict');
    });

    it('says refused, naming it, when a field is misspelt', async () => {
      const error = await failureOf(subject.client.create(all(), { ...aConfigMap('menu'), dat: {} } as ConfigMap));
      assert.deepEqual(verdict(error), { kind: 'refused' });
      assert.match(error.message, /^creating configmaps [^ ]+: .*unknown field "dat"/);
    });

    it('says refused, with the field, when a value is invalid', async () => {
      const error = await failureOf(subject.client.create(all(), aConfigMap('Not A Name')));
      assert.equal(error.code, 'invalid');
      assert.equal(error.causes[0]?.field, 'metadata.name');
    });

    it('says not served when the whole resource is unknown', async () => {
      const resource = { group: 'absent.example', version: 'v1', plural: 'things', kind: 'Thing', namespaced: true };
      assert.equal((await failureOf(subject.client.list({ resource }))).code, 'notServed');
    });

    it('applies an intent to what is not there, and to what is', async () => {
      const options = { fieldManager: 'conformance', force: true };
      const first = await subject.client.apply<ConfigMap>(at('menu'), aConfigMap('menu'), options);
      assert.deepEqual(first.data, { dish: 'soup' });
      const second = await subject.client.apply<ConfigMap>(at('menu'), aConfigMap('menu', { dish: 'pie' }), options);
      assert.deepEqual(second.data, { dish: 'pie' });
      assert.equal(second.metadata.uid, first.metadata.uid);
    });

    it('says stale when it applies to a gone object with its uid, and makes it with a resource version alone', async () => {
      const { metadata } = await subject.client.create(all(), aConfigMap('menu'));
      const { uid = '', resourceVersion = '' } = metadata;
      await subject.client.remove(at('menu'), { uid });
      const options = { fieldManager: 'conformance', force: true };
      const known = (about: ObjectMeta): ConfigMap => {
        const intent = aConfigMap('menu');
        return { ...intent, metadata: { ...intent.metadata, ...about } };
      };
      const error = await failureOf(subject.client.apply(at('menu'), known({ uid, resourceVersion }), options));
      assert.deepEqual(verdict(error), { kind: 'stale' });
      const made = await subject.client.apply(at('menu'), known({ resourceVersion }), options);
      assert.notEqual(made.metadata.uid, uid);
    });

    it('deletes only the object that is meant', async () => {
      const { metadata } = await subject.client.create(all(), aConfigMap('menu'));
      const uid = '00000000-0000-0000-0000-000000000000';
      assert.equal((await failureOf(subject.client.remove(at('menu'), { uid }))).code, 'conflict');
      await subject.client.remove(at('menu'), metadata.uid === undefined ? {} : { uid: metadata.uid });
      assert.equal((await failureOf(subject.client.get(at('menu')))).code, 'notFound');
    });

    it('lists what the selector names, over several pages as over one', async () => {
      for (const name of ['a', 'b', 'c']) await subject.client.create(all(), aConfigMap(name));
      const { items } = await subject.client.list<ConfigMap>(all(), selection());
      assert.deepEqual(
        items.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
        ['ConfigMap a', 'ConfigMap b', 'ConfigMap c'],
      );
      const first = await subject.client.page(all(), { ...selection(), limit: 2 });
      assert.equal(first.items.length, 2);
      const rest = await subject.client.page(all(), {
        ...selection(),
        limit: 2,
        continueToken: first.continueToken ?? '',
      });
      assert.deepEqual(
        rest.items.map(({ metadata }) => metadata.name),
        ['c'],
      );
      assert.equal(rest.continueToken, undefined);
    });

    it('ends a call whose signal is aborted', async () => {
      const signal = AbortSignal.abort();
      assert.equal((await failureOf(subject.client.get(at('menu'), { signal }))).code, 'aborted');
    });

    it('calls a path that is no resource', async () => {
      const version = await subject.client.request<{ gitVersion: string }>({ path: '/version' });
      assert.match(version.gitVersion, /^v1\./);
    });

    it('watches what happens after a list, in order', async () => {
      const { resourceVersion } = await subject.client.list(all(), selection());
      const stop = new AbortController();
      const options = { ...selection(), resourceVersion, timeoutSeconds: 60, signal: stop.signal };
      const watch = subject.client.watch<ConfigMap>(all(), options)[Symbol.asyncIterator]();
      const told: string[] = [];
      const first = watch.next();
      await subject.client.create(all(), aConfigMap('menu'));
      await subject.client.patch(at('menu'), { data: { dish: 'pie' } }, { type: 'merge' });
      await subject.client.remove(at('menu'));
      for (let next = await first; told.length < 3; next = await watch.next()) {
        if (next.done === true) break;
        told.push(worded(next.value));
        if (told.length === 3) break;
      }
      assert.deepEqual(told, ['ADDED soup', 'MODIFIED pie', 'DELETED pie']);
      stop.abort();
      await assert.rejects(watch.next(), { code: 'aborted' });
    });
  });

  describe('a client that asks for metadata alone', () => {
    it('gets no more, from a list and from a watch', async () => {
      await subject.client.create(all(), aConfigMap('menu'));
      const alone = { ...selection(), metadataOnly: true };
      const { items, resourceVersion } = await subject.client.list<ConfigMap>(all(), alone);
      assert.deepEqual(
        items.map(({ metadata, data }) => [metadata.name, metadata.labels, data]),
        [['menu', { conformance: `test-${label}` }, undefined]],
      );
      const stop = new AbortController();
      const options = { ...alone, resourceVersion, timeoutSeconds: 60, signal: stop.signal };
      const watch = subject.client.watch<ConfigMap>(all(), options)[Symbol.asyncIterator]();
      const next = watch.next();
      await subject.client.patch(at('menu'), { data: { dish: 'pie' } }, { type: 'merge' });
      const event: WatchEvent<ConfigMap> = (await next).value;
      assert.ok(event.type === 'MODIFIED');
      assert.deepEqual([event.object.metadata.name, event.object.data], ['menu', undefined]);
      stop.abort();
      await assert.rejects(watch.next(), { code: 'aborted' });
    });
  });

  describe('a reflector', () => {
    it('keeps the store equal to the server, also when an object is deleted and made again, until it is stopped', async () => {
      await subject.client.create(all(), aConfigMap('old'));
      await reflecting(async (store, changes) => {
        assert.deepEqual(store.list(), [{ name: 'old', dish: 'soup' }]);
        await subject.client.create(all(), aConfigMap('menu'));
        await subject.client.remove(at('menu'));
        await subject.client.create(all(), aConfigMap('menu', { dish: 'pie' }));
        await subject.client.remove(at('old'));
        await seen(store, () => store.get(aKey(`${subject.namespace}/old`)) === undefined);
        assert.deepEqual(store.list(), [{ name: 'menu', dish: 'pie' }]);
        assert.deepEqual(changes, ['+old', '+menu', '-menu', '+menu', '-old']);
      });
    });

    it('shows the answer to a write at once, and the watch does not take it back', async () => {
      await reflecting(async (store, changes) => {
        await subject.client.create(all(), aConfigMap('menu'));
        const patched = await subject.client.patch<ConfigMap>(at('menu'), { data: { dish: 'pie' } }, { type: 'merge' });
        store.learn(patched);
        assert.equal(store.get(aKey(`${subject.namespace}/menu`))?.dish, 'pie');
        await subject.client.create(all(), aConfigMap('last'));
        await seen(store, () => store.size === 2);
        assert.equal(store.get(aKey(`${subject.namespace}/menu`))?.dish, 'pie');
        assert.equal(changes.at(-1), '+last');
      });
    });
  });

  interface Dish {
    readonly name: string;
    readonly dish: string;
  }

  async function reflecting(test: (store: Store<Dish>, changes: string[]) => Promise<void>): Promise<void> {
    const changes: string[] = [];
    const fail = (error: unknown): never => assert.fail(error as Error);
    const store = new Store<Dish>({ name: 'configmaps', project: dishOf, clock: systemClock, onError: fail });
    store.onChange(({ before: old, after: now }) => {
      changes.push(now === undefined ? `-${old?.name}` : `${old === undefined ? '+' : '='}${now.name}`);
    });
    const stop = new AbortController();
    let listed: (() => void) | undefined;
    const synced = new Promise<void>((resolve) => (listed = resolve));
    const { client } = subject;
    const common = { client, of: all(), selection: selection(), store, clock: systemClock, random: () => 0.5 };
    const running = runReflector({ ...common, signal: stop.signal, onError: fail, onListed: () => listed?.() });
    try {
      await synced;
      await test(store, changes);
    } finally {
      stop.abort();
      await running;
    }
  }

  function dishOf(object: KubeObject): Dish {
    return { name: object.metadata.name ?? '', dish: (object as ConfigMap).data?.['dish'] ?? '' };
  }
}

/** Resolves when the condition holds after a change of the store. */
async function seen(store: { onChange(listener: () => void): () => void }, holds: () => boolean): Promise<void> {
  await new Promise<void>((resolve) => {
    if (holds()) return resolve();
    const stop = store.onChange(() => {
      if (!holds()) return;
      stop();
      resolve();
    });
    return undefined;
  });
}

/** The `ApiError` that a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<ApiError> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof ApiError, String(error));
    return error;
  }
  return assert.fail('it succeeded');
}

function worded(event: WatchEvent<ConfigMap>): string {
  return event.type === 'BOOKMARK' ? 'BOOKMARK' : `${event.type} ${event.object.data?.['dish']}`;
}

import { aKey } from '../builders/aKey.ts';
import assert from 'node:assert/strict';
import type { KubeObject } from '../../operator/api/kubernetes/object.ts';
import { Store } from '../../operator/kube/store.ts';
import { FakeClock } from '../builders/fakeClock.ts';

interface Pod {
  readonly name: string;
  readonly station: string;
}

function aPod(version: number, pod: { name?: string; uid?: string; station?: string } = {}): KubeObject {
  const { name = 'grill-1', uid = 'u-1', station = 'grill' } = pod;
  return { metadata: { namespace: 'default', name, uid, resourceVersion: String(version), labels: { station } } };
}

const key = aKey('default/grill-1');

describe('a store', () => {
  let clock: FakeClock;
  let errors: unknown[];
  let store: Store<Pod, 'byStation'>;
  let changes: string[];

  function project({ metadata }: KubeObject): Pod | undefined {
    const station = metadata.labels?.['station'] ?? '';
    if (station === 'broken') throw new Error('cannot be read');
    return station === '' ? undefined : { name: metadata.name ?? '', station };
  }

  const list = (version: number, ...pods: KubeObject[]): void =>
    store.replace(
      pods.map((pod) => store.read(pod)),
      String(version),
    );
  const stations = (): string[] => store.list().map(({ station }) => station);

  beforeEach(() => {
    clock = new FakeClock();
    [errors, changes] = [[], []];
    const indexes = { byStation: ({ station }: Pod) => [station] };
    store = new Store({ name: 'pods', project, indexes, clock, onError: (error) => errors.push(error) });
    store.onChange(({ key: of, before, after }) => {
      changes.push(`${of}: ${before?.station ?? 'nothing'} → ${after?.station ?? 'nothing'}`);
    });
  });

  it('is synced by its first list', () => {
    assert.deepEqual([store.synced, store.lastHeardMs], [false, undefined]);
    list(10);
    assert.deepEqual([store.synced, store.lastHeardMs], [true, clock.monotonicMs()]);
  });

  it('tells each change with what was before', () => {
    list(10, aPod(5));
    store.changed(aPod(11, { station: 'oven' }));
    store.deleted(aPod(12, { station: 'oven' }));
    assert.deepEqual(changes, [`${key}: nothing → grill`, `${key}: grill → oven`, `${key}: oven → nothing`]);
  });

  it('tells nothing of what did not change between two lists', () => {
    list(10, aPod(5));
    list(20, aPod(5));
    assert.equal(changes.length, 1);
  });

  it('finds by index, also after a value has changed or the object is gone', () => {
    list(10, aPod(5), aPod(6, { name: 'grill-2', uid: 'u-2' }));
    store.changed(aPod(11, { station: 'oven' }));
    assert.deepEqual(
      store.byIndex('byStation', 'grill').map(({ name }) => name),
      ['grill-2'],
    );
    assert.deepEqual(
      store.byIndex('byStation', 'oven').map(({ name }) => name),
      ['grill-1'],
    );
    store.deleted(aPod(12));
    assert.deepEqual(store.byIndex('byStation', 'oven'), []);
  });

  it('tells an object that was made again under the same name as one that went and one that came', () => {
    list(10, aPod(5));
    store.changed(aPod(12, { uid: 'u-2', station: 'oven' }));
    assert.deepEqual(changes.slice(1), [`${key}: grill → nothing`, `${key}: nothing → oven`]);
    store.deleted(aPod(11));
    assert.deepEqual(stations(), ['oven']);
  });

  it('drops what a list does not have', () => {
    list(10, aPod(5), aPod(6, { name: 'grill-2', uid: 'u-2', station: 'oven' }));
    list(20, aPod(5));
    assert.deepEqual(stations(), ['grill']);
  });

  it('shows what it learned, and no older event or list takes it back', () => {
    list(10, aPod(5));
    store.learn(aPod(15, { station: 'oven' }));
    assert.equal(store.resourceVersionOf(key), '15');
    store.changed(aPod(12, { station: 'fryer' }));
    list(14, aPod(12, { station: 'fryer' }));
    list(14);
    assert.deepEqual(stations(), ['oven']);
    store.changed(aPod(16, { station: 'bar' }));
    assert.deepEqual(stations(), ['bar']);
  });

  it('compares versions as numbers', () => {
    list(10, aPod(9));
    store.learn(aPod(100, { station: 'oven' }));
    store.changed(aPod(99));
    assert.deepEqual(stations(), ['oven']);
  });

  it('learns an object that the watch has not told yet', () => {
    list(10);
    store.learn(aPod(11));
    assert.deepEqual(stations(), ['grill']);
    list(12);
    assert.deepEqual(stations(), []);
  });

  it('does not bring back by a late answer what was deleted', () => {
    list(10, aPod(5));
    store.changed(aPod(12));
    store.deleted(aPod(13));
    store.learn(aPod(12));
    assert.deepEqual(stations(), []);
  });

  it('does not learn what a bookmark has passed', () => {
    list(10);
    store.heard('20');
    store.learn(aPod(19));
    assert.equal(store.size, 0);
  });

  it('leaves out what the projection does not want, and drops what it no longer wants', () => {
    list(10, aPod(5), aPod(6, { name: 'other', uid: 'u-2', station: '' }));
    assert.equal(store.size, 1);
    store.changed(aPod(11, { station: '' }));
    assert.equal(store.size, 0);
  });

  it('keeps what it has when a projection throws, and reports it', () => {
    list(10, aPod(5));
    store.changed(aPod(11, { station: 'broken' }));
    list(12, aPod(11, { station: 'broken' }));
    assert.deepEqual(stations(), ['grill']);
    assert.equal(errors.length, 2);
  });

  it('tells the other listeners when one throws', () => {
    const told: string[] = [];
    store.onChange(() => {
      throw new Error('broken');
    });
    const stop = store.onChange((change) => told.push(change.key));
    list(10, aPod(5));
    stop();
    store.deleted(aPod(11));
    assert.deepEqual(told, [key]);
    assert.equal(errors.length, 2);
  });
});

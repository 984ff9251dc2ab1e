import assert from 'node:assert/strict';
import { nobodySuspect, watchSuspects } from '../../../operator/observe/suspects/watchSuspects.ts';
import type { Turned } from '../../../operator/observe/suspects/leaseAges.ts';
import type { SuspectWatch } from '../../../operator/observe/suspects/watchSuspects.ts';
import { FakeClock } from '../../builders/fakeClock.ts';
import { aNode } from '../../builders/nodeObjects.ts';
import { drop, put, storesWith } from '../../builders/stores.ts';

const names = ['node-1', 'node-2', 'node-3', 'node-4'];

describe('watching Leases', () => {
  const ended = new AbortController();
  let clock: FakeClock;
  let stores: ReturnType<typeof storesWith>;
  let watch: SuspectWatch;
  let told: (readonly string[])[];
  let failures: unknown[];
  let version: number;

  beforeEach(() => {
    version = 1_000;
    clock = new FakeClock();
    stores = storesWith(...names.map((name) => aNode({ name })));
    failures = [];
    told = [];
    const onError = (error: unknown): void => void failures.push(error);
    watch = watchSuspects({
      stores,
      clock,
      suspectAfterMs: 25_000,
      declaredZones: () => 1,
      onError,
      signal: ended.signal,
    });
    watch.onFlip((nodes) => void told.push(nodes));
  });

  const aLease = (name: string): object => ({
    kind: 'Lease',
    metadata: { name, namespace: 'kube-node-lease', uid: `lease-${name}`, resourceVersion: String((version += 1)) },
    spec: { renewTime: new Date(clock.now()).toISOString() },
  });
  /** Lets ten seconds pass in each of which, at the end, these are renewed. */
  const renewing = async (times: number, ...which: readonly string[]): Promise<void> => {
    for (let time = 0; time < times; time += 1) {
      put(stores, ...which.map(aLease));
      await clock.advance(10_000);
    }
  };

  it('tells its listeners nothing of renewals', async () => {
    await renewing(20, ...names);
    assert.deepEqual([told, watch.suspects.size], [[], 0]);
  });

  it('tells once which node became suspect, and once that it is over', async () => {
    await renewing(1, ...names);
    await renewing(4, ...names.slice(1));
    assert.deepEqual([told, [...watch.suspects.keys()]], [[['node-1']], ['node-1']]);
    put(stores, aLease('node-1'));
    assert.deepEqual([told, watch.suspects.size], [[['node-1'], ['node-1']], 0]);
  });

  it('ends a suspicion with the Lease', async () => {
    await renewing(1, ...names);
    await renewing(3, ...names.slice(1));
    drop(stores, aLease('node-1'));
    assert.deepEqual([told, watch.suspects.size], [[['node-1'], ['node-1']], 0]);
  });

  it('tells how long a node is silent while others are heard', async () => {
    await renewing(1, ...names);
    await renewing(1, ...names.slice(1));
    assert.deepEqual([watch.silentMs('node-1'), watch.silentMs('node-2')], [20_000, 10_000]);
    assert.equal(nobodySuspect.silentMs('node-1'), undefined);
  });

  it('tells whose Lease is overdue, whose is silent, and who is heard again', async () => {
    const turned: Turned[] = [];
    await renewing(1, ...names);
    const stop = watch.onTurn((nodes) => void turned.push(nodes));
    await renewing(2, ...names.slice(1));
    put(stores, aLease('node-1'));
    assert.deepEqual(turned, [['node-1'], ['node-1'], ['node-1']]);
    assert.deepEqual(told, [['node-1'], ['node-1']]);
    await renewing(1, ...names);
    await clock.advance(2_001);
    assert.deepEqual(turned.slice(3), [names, 'all']);
    stop();
    await renewing(1, ...names);
    assert.equal(turned.length, 5);
  });

  it('has one timer, whatever happens', async () => {
    await renewing(1, ...names);
    assert.equal(clock.pending, 1);
    await renewing(10, 'node-2');
    assert.equal(clock.pending, 1);
  });

  it('goes on when a listener throws', async () => {
    watch.onFlip(() => {
      throw new Error('oh');
    });
    await renewing(1, ...names);
    await renewing(3, ...names.slice(1));
    assert.equal(failures.length, 1);
    await renewing(1, ...names);
    assert.deepEqual(told, [['node-1'], ['node-1']]);
  });

  it('leaves no timer behind, and tells nothing more', async () => {
    const stopped = new AbortController();
    const own = new FakeClock();
    const options = {
      stores,
      clock: own,
      suspectAfterMs: 25_000,
      declaredZones: () => 1,
      onError: () => assert.fail(),
    };
    watchSuspects({ ...options, signal: stopped.signal });
    await own.advance(60_000);
    stopped.abort();
    assert.equal(own.pending, 0);
    watchSuspects({ ...options, signal: stopped.signal });
    assert.equal(own.pending, 0);
  });

  it('tells nothing to a listener that has stopped', async () => {
    const others: (readonly string[])[] = [];
    watch.onFlip((nodes) => void others.push(nodes))();
    await renewing(1, ...names);
    await renewing(3, ...names.slice(1));
    assert.deepEqual([told.length, others.length], [1, 0]);
  });
});

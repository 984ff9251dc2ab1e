import assert from 'node:assert/strict';
import type { Client } from '../../operator/kube/client.ts';
import type { KubeObject } from '../../operator/api/kubernetes/object.ts';
import { elect, usualTerms } from '../../operator/kube/lease.ts';
import type { Leadership } from '../../operator/kube/lease.ts';
import { leases } from '../../operator/api/kubernetes/resource.ts';
import { FakeClock } from '../builders/fakeClock.ts';
import { eventually } from './eventually.ts';
import { FaultyServer } from './faultyServer.ts';
import { TestConfig } from './testConfig.ts';

interface Candidate {
  readonly leadership: Leadership;
  readonly stop: AbortController;
  readonly told: string[];
  readonly terms: AbortSignal[];
  readonly clock: FakeClock;
  /** How many of its calls are under way. */
  readonly calls: () => number;
}

const collection = '/apis/coordination.k8s.io/v1/leases';
const any = (): boolean => true;

/** Wraps a client, so that its calls under way can be counted. */
function counting(client: Client): { client: Client; calls: () => number } {
  let calls = 0;
  const count = async <T>(call: Promise<T>): Promise<T> => {
    calls += 1;
    return call.finally(() => (calls -= 1));
  };
  const counted: Partial<Client> = {
    get: (...args) => count(client.get(...args)),
    create: (...args) => count(client.create(...args)),
    patch: (...args) => count(client.patch(...args)),
    close: () => client.close(),
  };
  return { client: counted as Client, calls: () => calls };
}

describe('leader election', () => {
  let server: FaultyServer;
  let config: TestConfig;
  let watching: Client;
  const clients: Client[] = [];
  const candidates: Candidate[] = [];

  /** A candidate on a machine of its own, with a clock of its own. */
  function aCandidate(identity: string): Candidate {
    const clock = new FakeClock();
    const { client, calls } = counting(config.connect(clock));
    const [stop, told, terms] = [new AbortController(), [] as string[], [] as AbortSignal[]];
    const leadership = elect({
      ...usualTerms,
      client,
      namespace: 'kitchen',
      name: 'operator',
      identity,
      clock,
      signal: stop.signal,
      onStarted: (term) => {
        told.push('started');
        terms.push(term);
      },
      onLost: (why) => told.push(`lost: ${why}`),
      onError: () => told.push('failed'),
    });
    clients.push(client);
    candidates.push({ leadership, stop, told, terms, clock, calls });
    return { leadership, stop, told, terms, clock, calls };
  }

  const lease = async (): Promise<Record<string, unknown>> => {
    const found = await watching.get<KubeObject & { spec: Record<string, unknown> }>({
      resource: leases,
      namespace: 'kitchen',
      name: 'operator',
    });
    return found.spec;
  };

  /** Lets a candidate's time pass in steps, with its requests answered in between. */
  async function pass(candidate: Candidate, seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second++) {
      await candidate.clock.advance(1_000);
      await eventually(() => candidate.calls() === 0);
    }
  }

  beforeEach(async () => {
    server = await new FaultyServer().start();
    config = await TestConfig.make(server.url);
    watching = config.connect();
    clients.push(watching);
  });

  afterEach(async () => {
    for (const { stop } of candidates) stop.abort();
    for (const client of clients.splice(0)) await client.close();
    await Promise.all(candidates.splice(0).map(({ leadership }) => leadership.ended));
    await server.stop();
    await config.remove();
  });

  it('makes the first candidate leader and lets the second wait', async () => {
    const first = aCandidate('first');
    await eventually(() => first.leadership.mayWrite());
    const second = aCandidate('second');
    await eventually(() => second.leadership.holder === 'first');
    assert.deepEqual([first.told, second.told], [['started'], []]);
    assert.equal(second.leadership.mayWrite(), false);
    assert.deepEqual([first.leadership.isElsewhere(), second.leadership.isElsewhere()], [false, true]);
    const { holderIdentity, leaseDurationSeconds, renewTime } = await lease();
    assert.deepEqual([holderIdentity, leaseDurationSeconds], ['first', 15]);
    assert.match(String(renewTime), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  });

  it('keeps a leader that renews, even when the dates jump', async () => {
    const first = aCandidate('first');
    await eventually(() => first.leadership.mayWrite());
    const second = aCandidate('second');
    await eventually(() => second.leadership.holder === 'first');
    for (let round = 0; round < 6; round++) {
      first.clock.jump(-3_600_000);
      second.clock.jump(86_400_000);
      await pass(first, 5);
      await pass(second, 5);
    }
    assert.deepEqual([first.told, second.told], [['started'], []]);
  });

  it('stops the leader before another can start when the lease cannot be renewed', async () => {
    const first = aCandidate('first');
    await eventually(() => first.leadership.mayWrite());
    server.fail(any, { kind: 'hang' }, Number.POSITIVE_INFINITY);
    await first.clock.advance(9_999);
    assert.equal(first.leadership.mayWrite(), true);
    await first.clock.advance(1);
    assert.equal(first.leadership.mayWrite(), false);
    await eventually(() => first.told.at(-1) === 'lost: the lease could not be renewed within 10 s');
    assert.equal(first.terms[0]?.aborted, true);
  });

  it('does not let the leader write after a pause of the whole process', async () => {
    const first = aCandidate('first');
    await eventually(() => first.leadership.mayWrite());
    const pausedMs = first.clock.monotonicMs() + 20_000;
    first.clock.monotonicMs = () => pausedMs;
    assert.equal(first.leadership.mayWrite(), false);
  });

  it('renews over a single failure', async () => {
    const first = aCandidate('first');
    await eventually(() => first.leadership.mayWrite());
    server.fail(any, { kind: 'reset' });
    await pass(first, 30);
    assert.deepEqual(first.told, ['started', 'failed']);
    assert.equal(first.leadership.mayWrite(), true);
  });

  it('gives a dead leader the whole of its lease, by the clock of the waiting candidate', async () => {
    const renewTime = '2001-01-01T00:00:00.000000Z';
    const spec = { holderIdentity: 'dead', leaseDurationSeconds: 15, renewTime, leaseTransitions: 4 };
    server.api.put(collection, { metadata: { namespace: 'kitchen', name: 'operator' }, spec } as KubeObject);
    const second = aCandidate('second');
    await eventually(() => second.leadership.holder === 'dead');
    await pass(second, 14);
    assert.deepEqual(second.told, []);
    assert.equal(second.leadership.isElsewhere(), true);
    await pass(second, 3);
    assert.deepEqual(second.told, ['started']);
    assert.equal(second.leadership.isElsewhere(), false);
    assert.equal((await lease())['leaseTransitions'], 5);
  });

  it('releases the lease at the end, so that the next need not wait', async () => {
    const first = aCandidate('first');
    await eventually(() => first.leadership.mayWrite());
    const second = aCandidate('second');
    await eventually(() => second.leadership.holder === 'first');
    first.stop.abort();
    await first.leadership.ended;
    assert.equal(first.leadership.mayWrite(), false);
    assert.equal((await lease())['holderIdentity'], '');
    await pass(second, 3);
    assert.deepEqual(second.told, ['started']);
    assert.deepEqual(first.told, ['started']);
  });

  it('gives way when another has taken the lease', async () => {
    const first = aCandidate('first');
    await eventually(() => first.leadership.mayWrite());
    const spec = { holderIdentity: 'usurper', leaseDurationSeconds: 15 };
    server.api.put(collection, { metadata: { namespace: 'kitchen', name: 'operator' }, spec } as KubeObject);
    await pass(first, 5);
    assert.deepEqual(first.told, ['started', 'failed', 'lost: usurper has taken the lease']);
  });

  it('lets one of two win when both start at once', async () => {
    const both = [aCandidate('first'), aCandidate('second')];
    await eventually(() => both.some(({ leadership }) => leadership.mayWrite()));
    for (const candidate of both) await pass(candidate, 3);
    assert.equal(both.filter(({ leadership }) => leadership.mayWrite()).length, 1);
  });

  it('refuses times with which two could write at once', () => {
    const common = { client: watching, namespace: 'a', name: 'b', identity: 'c', clock: new FakeClock() };
    const hooks = { onStarted: () => {}, onLost: () => {}, onError: () => {}, signal: AbortSignal.abort() };
    const terms = { leaseMs: 10_000, renewDeadlineMs: 10_000, lookAgainMs: 2_000 };
    assert.throws(() => elect({ ...common, ...hooks, ...terms }), RangeError);
  });
});

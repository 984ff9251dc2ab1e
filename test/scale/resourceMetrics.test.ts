import assert from 'node:assert/strict';
import type { Client, RawCall } from '../../operator/kube/client.ts';
import { ApiError } from '../../operator/kube/errors.ts';
import { ExternalMetrics } from '../../operator/scale/externalMetrics.ts';
import { ResourceMetrics } from '../../operator/scale/resourceMetrics.ts';
import { FakeClock } from '../builders/fakeClock.ts';

type Answers = Readonly<Record<string, unknown>>;

/** A client that answers by the path of a call, and the calls that it saw. */
function client(answers: () => Answers): { readonly calls: RawCall[]; readonly request: Client['request'] } {
  const calls: RawCall[] = [];
  const request = (async (call: RawCall) => {
    calls.push(call);
    const answer = answers()[call.path];
    if (answer instanceof Error) throw answer;
    if (answer === undefined)
      throw new ApiError({ code: 'notServed', doing: 'listing', why: 'not served', status: 404 });
    return Promise.resolve(answer);
  }) as Client['request'];
  return { calls, request };
}

function podMetrics(name: string, cpu: string, over: object = {}): object {
  const containers = [{ usage: { cpu, memory: '1Mi' } }, { usage: { cpu: '100m', memory: '2Mi' } }];
  return { metadata: { name }, timestamp: '2026-01-01T00:00:30Z', window: '15.036s', containers, ...over };
}

const v1beta1 = '/apis/metrics.k8s.io/v1beta1/namespaces/food/pods';
const v1 = '/apis/metrics.k8s.io/v1/namespaces/food/pods';
const group = (...versions: readonly string[]): object => ({ versions: versions.map((version) => ({ version })) });

describe('metrics of resources', () => {
  it('are listed once for all stations of a namespace, every 15 s, without those that say nothing', async () => {
    const items = [
      podMetrics('a', '250m'),
      podMetrics('b', '1', { containers: [] }),
      podMetrics('c', 'much'),
      podMetrics('d', '1', { timestamp: 'today' }),
      podMetrics('e', '1', { window: 'long' }),
      podMetrics('f', '-5'),
      podMetrics('g', '1e400'),
    ];
    const { calls, request } = client(() => ({ '/apis/metrics.k8s.io': group('v1beta1'), [v1beta1]: { items } }));
    const clock = new FakeClock();
    let news = 0;
    const metrics = new ResourceMetrics({ client: { request }, clock, onNews: () => (news += 1) });
    assert.deepEqual(metrics.want('food'), { reads: 0 });
    await clock.advance(0);
    const { answer, reads } = metrics.want('food');
    assert.deepEqual([reads, news, [...(answer?.keys() ?? [])]], [1, 1, ['a']]);
    const endedAt = Date.parse('2026-01-01T00:00:30Z') / 1000;
    assert.deepEqual(answer?.get('a'), { value: 0.35, endedAt, windowMs: 15_036, seenMs: 1_000 });
    await clock.advance(14_000);
    metrics.want('food');
    assert.equal(calls.length, 2);
    await clock.advance(1_000);
    metrics.want('food');
    assert.deepEqual(
      calls.map(({ path }) => path),
      ['/apis/metrics.k8s.io', v1beta1, v1beta1],
    );
    assert.deepEqual(calls.at(-1)?.query, { labelSelector: 'kitchen.dev/station' });
  });

  it('are read in the newest version that is served, and in another when that is gone', async () => {
    let answers: Answers = { '/apis/metrics.k8s.io': group('v1', 'v1beta1'), [v1]: { items: [] } };
    const { calls, request } = client(() => answers);
    const clock = new FakeClock();
    const metrics = new ResourceMetrics({ client: { request }, clock, onNews: () => undefined });
    metrics.want('food');
    await clock.advance(15_000);
    answers = { '/apis/metrics.k8s.io': group('v1beta1'), [v1beta1]: { items: [] } };
    metrics.want('food');
    await clock.advance(15_000);
    assert.match(String(metrics.want('food').error), /not served/);
    await clock.advance(15_000);
    assert.equal(metrics.want('food').error, undefined);
    assert.equal(
      calls.some(({ path }) => path === v1beta1),
      true,
    );
  });

  it('that cannot be read leave what was known, and say why', async () => {
    let answers: Answers = { '/apis/metrics.k8s.io': group('v1beta1'), [v1beta1]: { items: [podMetrics('a', '1')] } };
    const { request } = client(() => answers);
    const clock = new FakeClock();
    const metrics = new ResourceMetrics({ client: { request }, clock, onNews: () => undefined });
    metrics.want('food');
    await clock.advance(15_000);
    answers = { [v1beta1]: new ApiError({ code: 'unavailable', doing: 'listing', why: 'no endpoints', status: 503 }) };
    metrics.want('food');
    await clock.advance(0);
    const { answer, error, reads } = metrics.want('food');
    assert.deepEqual([answer?.size, reads], [1, 2]);
    assert.match(String(error), /no endpoints/);
  });

  it('are forgotten when nobody wants them', async () => {
    const { calls, request } = client(() => ({ '/apis/metrics.k8s.io': group('v1beta1'), [v1beta1]: { items: [] } }));
    const clock = new FakeClock();
    const metrics = new ResourceMetrics({ client: { request }, clock, onNews: () => undefined });
    metrics.want('food');
    await clock.advance(61_000);
    metrics.sweep();
    assert.deepEqual(metrics.want('food'), { reads: 0 });
    assert.equal(calls.length, 3);
  });
});

describe('external metrics', () => {
  const path = '/apis/external.metrics.k8s.io/v1beta1/namespaces/food/orders';
  const metric = { namespace: 'food', name: 'orders', matchLabels: { queue: 'oven' } };

  async function read(answer: unknown): Promise<ReturnType<ExternalMetrics['want']>> {
    const { request, calls } = client(() => ({ [path]: answer }));
    const clock = new FakeClock();
    const metrics = new ExternalMetrics({ client: { request }, clock, onNews: () => undefined });
    metrics.want(metric);
    await clock.advance(0);
    assert.deepEqual(calls[0]?.query, { labelSelector: 'queue=oven' });
    return metrics.want(metric);
  }

  it('are the sum of their series, as old as the oldest', async () => {
    const items = [
      { value: '30', timestamp: '2026-01-01T00:01:00Z' },
      { value: '4500m', timestamp: '2026-01-01T00:00:00Z', windowSeconds: 60 },
    ];
    const { answer } = await read({ items });
    assert.deepEqual(answer, {
      value: 34.5,
      endedAt: Date.parse('2026-01-01T00:00:00Z') / 1000,
      windowMs: 60_000,
      seenMs: 1_000,
    });
  });

  it('leave out a series that has ended, and take one that is ahead of time for one of now', async () => {
    const clock = new FakeClock();
    const stamp = (seconds: number): string => new Date(clock.now().getTime() + seconds * 1000).toISOString();
    const items = [
      { value: '1', timestamp: stamp(-290) },
      { value: '2', timestamp: stamp(-3_600) },
      { value: '4', timestamp: stamp(86_400) },
      { value: '8' },
    ];
    const { answer } = await read({ items });
    assert.equal(answer?.value, 13);
    assert.equal(answer.endedAt, clock.now().getTime() / 1000 - 290);
  });

  it('without a series, or with a value that is no load, are not known', async () => {
    assert.match(String((await read({ items: [] })).error), /orders has no series in food/);
    assert.match(String((await read({ items: [{ value: 'many' }] })).error), /no quantity, below 0/);
    assert.match(String((await read({ items: [{ value: '-1' }] })).error), /no quantity, below 0/);
    for (const items of [[{ value: '1e400' }], [{ value: '1e308' }, { value: '1e308' }]])
      assert.match(String((await read({ items })).error), /beyond what can be counted/);
  });
});

import assert from 'node:assert/strict';
import type { PodObject } from '../../operator/observe/objects.ts';
import { projectPod } from '../../operator/observe/project.ts';
import { PodMetrics } from '../../operator/scale/podMetrics.ts';
import type { MetricsPage } from '../../operator/scale/scrape.ts';
import { aKey } from '../builders/aKey.ts';
import { FakeClock } from '../builders/fakeClock.ts';
import { aPod } from '../builders/podObjects.ts';

const { signal } = new AbortController();

function pod(name: string, address: string): PodObject {
  const projected = projectPod(aPod({ name, ports: [{ name: 'metrics', containerPort: 9090 }] }));
  assert.ok(projected !== undefined);
  return { ...projected, address };
}

function metric(pods: readonly PodObject[], port: string | number = 'metrics'): Parameters<PodMetrics['want']>[0] {
  return { station: aKey('food/pizzeria-grill'), name: 'inflight', port, path: '/metrics', pods };
}

describe("metrics of the pods' own pages", () => {
  it('are read at the address and port of each pod, every 5 s; those that say nothing are named', async () => {
    const clock = new FakeClock();
    const asked: MetricsPage[] = [];
    const pages: Readonly<Record<string, string>> = { '10.0.0.1': 'inflight 3', '10.0.0.2': 'other 1' };
    const scrape = async (page: MetricsPage): Promise<string> => {
      asked.push(page);
      const text = pages[page.address];
      if (text === undefined) throw new Error('connection refused');
      return Promise.resolve(text);
    };
    const metrics = new PodMetrics({ scrape, clock, signal, onNews: () => undefined });
    const pods = [pod('a', '10.0.0.1'), pod('b', '10.0.0.2'), pod('c', '10.0.0.3'), pod('d', '')];
    metrics.want(metric(pods));
    await clock.advance(0);
    const { answer } = metrics.want(metric(pods));
    assert.deepEqual([...(answer?.samples ?? [])], [['a', { value: 3, windowMs: 0, seenMs: 1_000 }]]);
    assert.equal(answer?.why, 'b: inflight is not there');
    assert.deepEqual(asked[0], { address: '10.0.0.1', port: 9090, path: '/metrics' });
    assert.equal(asked.length, 3);
    await clock.advance(4_999);
    metrics.want(metric(pods));
    await clock.advance(1);
    metrics.want(metric(pods));
    await clock.advance(0);
    assert.equal(asked.length, 6);
  });

  it('are asked of 32 pods side by side at most', async () => {
    const clock = new FakeClock();
    let [now, most] = [0, 0];
    const scrape = async (): Promise<string> => {
      now += 1;
      most = Math.max(most, now);
      await clock.sleep(10);
      now -= 1;
      return 'inflight 1';
    };
    const metrics = new PodMetrics({ scrape, clock, signal, onNews: () => undefined });
    const wanted = Array.from({ length: 10 }, (_, station) => ({
      ...metric(Array.from({ length: 10 }, (__, index) => pod(`p${index}`, `10.0.${station}.${index}`))),
      station: aKey(`food/pizzeria-${station}`),
    }));
    for (const each of wanted) metrics.want(each);
    await clock.advance(40);
    const sizes = wanted.map((each) => metrics.want(each).answer?.samples.size);
    assert.deepEqual([sizes, most], [Array.from({ length: 10 }, () => 10), 32]);
  });

  it('are asked of 8 pods of a station at most, so that those that hang keep none of the others from theirs', async () => {
    const clock = new FakeClock();
    const scrape = async ({ address }: MetricsPage): Promise<string> => {
      await clock.sleep(address.startsWith('10.9.') ? 2_000 : 10);
      return 'inflight 1';
    };
    const metrics = new PodMetrics({ scrape, clock, signal, onNews: () => undefined });
    const hanging = metric(Array.from({ length: 200 }, (_, index) => pod(`h${index}`, `10.9.0.${index}`)));
    const other = { ...metric([pod('a', '10.0.0.1')]), station: aKey('drinks/bar-counter') };
    metrics.want(hanging);
    metrics.want(other);
    await clock.advance(10);
    assert.equal(metrics.want(other).answer?.samples.size, 1);
  });

  it('are as old as the answer of each pod, not as the slowest', async () => {
    const clock = new FakeClock();
    const begunMs = clock.monotonicMs();
    const scrape = async ({ address }: MetricsPage): Promise<string> => {
      await clock.sleep(address === '10.0.0.1' ? 10 : 1_500);
      return 'inflight 1';
    };
    const metrics = new PodMetrics({ scrape, clock, signal, onNews: () => undefined });
    const pods = [pod('a', '10.0.0.1'), pod('b', '10.0.0.2')];
    metrics.want(metric(pods));
    await clock.advance(1_500);
    const { samples } = metrics.want(metric(pods)).answer ?? {};
    assert.deepEqual(
      ['a', 'b'].map((name) => (samples?.get(name)?.seenMs ?? 0) - begunMs),
      [10, 1_500],
    );
  });

  it('are not asked of a pod that has the address of its node', async () => {
    const clock = new FakeClock();
    const asked: MetricsPage[] = [];
    const scrape = async (page: MetricsPage): Promise<string> => {
      asked.push(page);
      return Promise.resolve('inflight 1');
    };
    const metrics = new PodMetrics({ scrape, clock, signal, onNews: () => undefined });
    const onNode = projectPod(aPod({ name: 'a', hostNetwork: true }));
    assert.ok(onNode !== undefined);
    const wanted = metric([{ ...onNode, address: '10.0.0.1' }], 9090);
    metrics.want(wanted);
    await clock.advance(0);
    assert.match(metrics.want(wanted).answer?.why ?? '', /^a: has the address of its node, by hostNetwork/);
    assert.deepEqual(asked, []);
  });

  it('tell the class of what failed, and no more', async () => {
    const clock = new FakeClock();
    const scrape = async (): Promise<string> => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.1:22'));
    const metrics = new PodMetrics({ scrape, clock, signal, onNews: () => undefined });
    const wanted = metric([pod('a', '10.0.0.1')]);
    metrics.want(wanted);
    await clock.advance(0);
    assert.equal(metrics.want(wanted).answer?.why, 'a: port 9090/metrics: no answer');
  });

  it('tell of a pod that lacks the port', async () => {
    const clock = new FakeClock();
    const metrics = new PodMetrics({ scrape: () => Promise.resolve(''), clock, signal, onNews: () => undefined });
    const pods = [pod('a', '10.0.0.1')];
    metrics.want(metric(pods, 'http'));
    await clock.advance(0);
    assert.equal(metrics.want(metric(pods, 'http')).answer?.why, 'a: has no port http');
  });
});

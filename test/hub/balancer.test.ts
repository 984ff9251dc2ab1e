import assert from 'node:assert/strict';
import type { Key } from '../../operator/api/kubernetes/key.ts';
import { keyOf } from '../../operator/api/kubernetes/key.ts';
import { Balancer } from '../../operator/hub/balancer.ts';
import type { StationBackend } from '../../operator/hub/balancer.ts';
import { zonePriceOf } from '../../operator/hub/prices.ts';
import type { Endpoint } from '../../operator/traffic/form.ts';

const station = keyOf({ namespace: 'default', name: 'pizzeria-grill' });
const name = 'default.pizzeria-grill.80';
const serving = (zone: string, pods: number, state: Endpoint['state'] = 'Serving'): readonly Endpoint[] =>
  Array.from({ length: pods }, (_, index) => ({ address: `10.0.0.${index}`, port: 80, zone, state }));

interface Stage {
  readonly balancer: Balancer;
  readonly changed: Key[];
  readonly chosen: (string | undefined)[];
  readonly pods: Set<string>;
  /** The hubs of a zone tell of requests a second, by the pods' zone, over two seconds. */
  readonly tell: (hubZone: string, rates: Readonly<Record<string, number>>, nowMs: number) => void;
}

function stage(endpoints: readonly Endpoint[], protocol: 'HTTP' | 'TCP' = 'HTTP'): Stage {
  const found: StationBackend = {
    station,
    backend: { name, protocol, endpoints, declaredLoss: 0, bound: 64 },
  };
  const changed: Key[] = [];
  const chosen: (string | undefined)[] = [];
  const pods = new Set(['hub-of-a', 'hub-of-b', 'hub-of-c']);
  const balancer = new Balancer({
    backend: (asked) => (asked === name ? found : undefined),
    zonePriceOf: () => zonePriceOf(undefined),
    isThere: (pod) => pods.has(pod),
    hubs: () => new Map([...pods].map((pod) => [pod, true])),
    onShares: (stations) => changed.push(...stations),
    onChoice: (backend, choice) => chosen.push(choice && backend),
  });
  const tell: Stage['tell'] = (hubZone, rates, nowMs) => {
    const zones = Object.entries(rates).map(([zone, rate]) => ({
      zone,
      issued: rate * 2,
      done: rate * 2,
      failed: 0,
      inFlight: Math.round(rate * 0.06),
    }));
    balancer.hear({ pod: `hub-of-${hubZone}`, id: '1', hubZone }, [{ backend: name, overS: 2, zones }], nowMs);
  };
  return { balancer, changed, chosen, pods, tell };
}

const sharesOf = (balancer: Balancer): unknown =>
  Object.fromEntries([...(balancer.sharesOf(name) ?? [])].map(([from, to]) => [from, Object.fromEntries(to)]));

describe('the balancer of hubs', () => {
  it('says nothing of what it has not heard of', () => {
    const { balancer, changed, chosen } = stage(serving('a', 2));
    balancer.turn(0);
    assert.deepEqual([balancer.sharesOf(name), changed, chosen], [undefined, [], []]);
  });

  it('chooses from what hubs tell, of the pods that take new requests, and is silent while nothing changes', () => {
    const endpoints = [...serving('a', 2), ...serving('b', 2, 'Leaving'), ...serving('c', 2)];
    const { balancer, changed, tell } = stage(endpoints);
    for (let nowMs = 0; nowMs < 20_000; nowMs += 2_000) {
      tell('a', { a: 20 }, nowMs);
      tell('b', { a: 20, c: 20 }, nowMs);
      balancer.turn(nowMs);
    }
    // b has no pods that take requests, and both other zones cost as much.
    assert.deepEqual(sharesOf(balancer), { a: { a: 1, c: 0 }, b: { a: 0.5, c: 0.5 } });
    assert.deepEqual(changed, [station]);
  });

  it('gives up what it knows when hubs have been silent for half a minute, when their pods go, and when another leads', () => {
    const { balancer, changed, chosen, pods, tell } = stage(serving('a', 2));
    tell('a', { a: 20 }, 0);
    balancer.turn(0);
    balancer.turn(30_000);
    assert.deepEqual(sharesOf(balancer), { a: { a: 1 } });
    balancer.turn(30_001);
    assert.equal(balancer.sharesOf(name), undefined);
    tell('a', { a: 20 }, 40_000);
    balancer.turn(40_000);
    pods.delete('hub-of-a');
    balancer.turn(42_000);
    assert.equal(balancer.sharesOf(name), undefined);
    tell('b', { a: 20 }, 50_000);
    balancer.turn(50_000);
    balancer.clear();
    assert.equal(balancer.sharesOf(name), undefined);
    assert.equal(changed.length, 6);
    assert.deepEqual(chosen, [name, name, undefined, name, undefined, name, undefined]);
  });

  it('does not choose for connections, of which hubs tell no requests', () => {
    const { balancer, tell } = stage(serving('a', 2), 'TCP');
    tell('a', { a: 20 }, 0);
    balancer.turn(0);
    assert.equal(balancer.sharesOf(name), undefined);
  });
});

describe('the load that the balancer tells', () => {
  it('leaves out what is in flight only because a zone that is to be left is slow', () => {
    const { balancer } = stage([...serving('a', 3), ...serving('b', 3, 'Shifted'), ...serving('c', 3)]);
    const zones = [
      { zone: 'a', issued: 200, done: 200, failed: 0, inFlight: 24 },
      { zone: 'b', issued: 200, done: 200, failed: 0, inFlight: 240 },
      { zone: 'c', issued: 200, done: 200, failed: 0, inFlight: 24 },
    ];
    balancer.hear({ pod: 'hub-of-a', id: '1', hubZone: 'a' }, [{ backend: name, overS: 2, zones }], 0);
    const inFlight = (...toLeave: readonly string[]): number | undefined =>
      balancer.loadOf([name], new Set(toLeave), 0)?.inFlight;
    assert.deepEqual([inFlight(), inFlight('b')], [288, 72]);
    assert.equal(balancer.loadOf(['another'], new Set(['b']), 0), undefined);
  });
});

describe('the price of a way', () => {
  it('is what is declared, and else five between zones', () => {
    const price = zonePriceOf({ hub: { retries: 'Full', prices: { a: { b: 20, a: 1 } } } });
    assert.deepEqual(
      [price('a', 'b'), price('a', 'a'), price('a', 'c'), price('b', 'a'), price('b', 'b')],
      [20, 1, 5, 5, 0],
    );
  });
});

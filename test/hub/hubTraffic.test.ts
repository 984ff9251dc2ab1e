import assert from 'node:assert/strict';
import type { Key } from '../../operator/api/kubernetes/key.ts';
import { READY_ROUTES } from '../../operator/envoy/ready.ts';
import { HubTraffic } from '../../operator/hub/hubTraffic.ts';
import type { WritableStores } from '../../operator/observe/stores.ts';
import { stationTraffic } from '../../operator/hub/stationTraffic.ts';
import { aService } from '../builders/childObjects.ts';
import { FakeClock } from '../builders/fakeClock.ts';
import { aStation } from '../builders/kitchen.ts';
import { aNode } from '../builders/nodeObjects.ts';
import { aPod } from '../builders/podObjects.ts';
import { drop, pizzeriaWith, put } from '../builders/stores.ts';

const name = 'food.pizzeria-grill.80';
const behindHubs = {
  hub: { retries: 'Full' },
  ports: [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }],
} as const;

function grill(...more: readonly object[]): WritableStores {
  const pods = ['a1', 'b1'].map((node, at) =>
    withAddress(aPod({ name: `pod-${node}`, node: `node-${node}`, zone: `zone-${node[0]}` }), `10.0.0.${at + 1}`),
  );
  const nodes = ['a1', 'b1'].map((node) => aNode({ name: `node-${node}`, zone: `zone-${node[0]}` }));
  const kinds = new Set(more.map((each) => (each as { readonly kind: string }).kind));
  return pizzeriaWith(
    ...(kinds.has('Station') ? [] : [aStation(behindHubs)]),
    aService({ spec: { ports: behindHubs.ports } }),
    ...pods,
    ...nodes,
    ...more,
  );
}

const hubSlice = {
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: {
    name: 'pizzeria-grill-hub-zone-a-0',
    namespace: 'food',
    uid: 'uid-slice',
    resourceVersion: '1',
    labels: {
      'kitchen.dev/kitchen': 'pizzeria',
      'kitchen.dev/station': 'grill',
      'kubernetes.io/service-name': 'pizzeria-grill',
      'endpointslice.kubernetes.io/managed-by': 'kitchen-operator',
    },
  },
  endpoints: [],
  ports: [],
};

function withAddress(pod: object, podIP: string): object {
  const { status } = pod as { readonly status: object };
  return { ...pod, status: { ...status, podIP } };
}

describe('the traffic of a station', () => {
  const key = 'food/pizzeria-grill' as unknown as Key;
  const of = (stores: WritableStores): ReturnType<typeof stationTraffic> =>
    stationTraffic(key, { stores, ports: new Map([[name, 20_000]]) });

  const endpointsWith = (stores: WritableStores): readonly string[] =>
    of(stores).backends.flatMap(({ endpoints }) => endpoints.map(({ address, state }) => `${address} ${state}`));

  it('is a listener and a backend for each port, with the pods and where they are', () => {
    assert.deepEqual(of(grill()), {
      listeners: [
        { name, port: 20_000, protocol: 'HTTP', routes: [{ pathPrefix: '/', backend: name, retries: 'Full' }] },
      ],
      backends: [
        {
          name,
          protocol: 'HTTP',
          declaredLoss: 0.5,
          bound: 128,
          endpoints: [
            { address: '10.0.0.1', port: 8080, zone: 'zone-a', state: 'Serving' },
            { address: '10.0.0.2', port: 8080, zone: 'zone-b', state: 'Serving' },
          ],
        },
      ],
    });
  });

  it('gives attempts as long as the station says', () => {
    const limitOf = (perTryTimeout: string): unknown => {
      const station = aStation({ ...behindHubs, hub: { retries: 'Full', perTryTimeout } });
      const [listener] = of(pizzeriaWith(station, aService({ spec: { ports: behindHubs.ports } }))).listeners;
      return listener?.protocol === 'HTTP' && listener.routes[0]?.tryTimeoutMs;
    };
    assert.deepEqual(['250ms', '2s', '1m'].map(limitOf), [250, 2_000, 60_000]);
  });

  it('has pods that leave as such, and none that is not Ready or has no address', () => {
    const pod = (node: string, parts: object): object =>
      withAddress(aPod({ name: `more-${node}`, node: `node-${node}`, ...parts }), '10.0.0.9');
    const endpoints = (...more: readonly object[]): readonly string[] => endpointsWith(grill(...more));
    const usual = ['10.0.0.1 Serving', '10.0.0.2 Serving'];
    assert.deepEqual(endpoints(pod('a1', { deleting: true })), [...usual, '10.0.0.9 Leaving']);
    assert.deepEqual(endpoints(pod('a1', { readyAt: false })), usual);
    assert.deepEqual(endpoints(aPod({ name: 'more' })), usual);
  });

  it('leaves a zone that is shifted, as the leader has told it and while that is declared', () => {
    const shifts = [{ zone: 'zone-b', until: '2026-12-01T13:00:00Z' }];
    const endpoints = (spec: object, status: object): readonly string[] =>
      endpointsWith(grill(aStation({ ...behindHubs, ...spec, status })));
    assert.deepEqual(endpoints({ shifts }, { shifted: ['zone-b'] }), ['10.0.0.1 Serving', '10.0.0.2 Shifted']);
    const all = ['10.0.0.1 Serving', '10.0.0.2 Serving'];
    assert.deepEqual(endpoints({ shifts }, {}), all, 'others have to make capacity first');
    assert.deepEqual(endpoints({}, { shifted: ['zone-b'] }), all, 'the shift was taken out a moment ago');
  });

  it('reckons a declared loss by the zones that are left, of which fewer may be lost then', () => {
    const shifts = [{ zone: 'zone-b', until: '2026-12-01T13:00:00Z' }];
    const more = ['a1', 'a2', 'b1'].map((node, at) =>
      withAddress(aPod({ name: `more-${node}`, node: `node-${node}`, zone: `zone-${node[0]}` }), `10.0.1.${at + 1}`),
    );
    const loss = (status: object): number | undefined => {
      const survive = { pods: 0, nodes: 1, zones: 1 };
      const station = aStation({ ...behindHubs, survive, shifts, status });
      return of(grill(station, aNode({ name: 'node-a2', zone: 'zone-a' }), ...more)).backends[0]?.declaredLoss;
    };
    // A zone: 3 of the 5 pods. Then a node: 2 of the 3 that are left.
    assert.equal(loss({}), 0.6);
    assert.equal(loss({ shifted: ['zone-b'] }), 0.7);
  });

  it('finds a port by the name that each pod gives it', () => {
    const ports = [{ name: 'http', port: 80, targetPort: 'web', protocol: 'TCP' }];
    const pod = (at: number): object =>
      withAddress(aPod({ name: `p${at}`, ports: [{ name: 'web', containerPort: 8000 + at }] }), `10.0.1.${at}`);
    const stores = pizzeriaWith(
      aStation({ ...behindHubs, ports: [{ ...behindHubs.ports[0], targetPort: 'web' }] }),
      aService({ spec: { ports } }),
      pod(1),
      pod(2),
      withAddress(aPod({ name: 'without' }), '10.0.1.3'),
    );
    assert.deepEqual(
      of(stores).backends[0]?.endpoints.map(({ address, port }) => `${address}:${port}`),
      ['10.0.1.1:8001', '10.0.1.2:8002'],
    );
  });

  it('is nothing for a station that asks for no hub, or while it has no port on the hubs', () => {
    const nothing = { listeners: [], backends: [] };
    const plain = pizzeriaWith(
      aStation({ ports: [...behindHubs.ports] }),
      aService({ spec: { ports: behindHubs.ports } }),
    );
    assert.deepEqual(of(plain), nothing);
    assert.deepEqual(stationTraffic(key, { stores: grill(), ports: new Map() }), nothing);
  });

  it('is not that of a Service of the same name that the Kitchen does not control', () => {
    const foreign = aService({ metadata: { ownerReferences: [] }, spec: { ports: behindHubs.ports } });
    assert.deepEqual(of(pizzeriaWith(aStation(behindHubs), foreign)).listeners, []);
  });
});

describe('the traffic of all stations', () => {
  const clock = new FakeClock();
  let ports: Map<string, number>;
  const following = (
    stores: WritableStores,
  ): { readonly traffic: HubTraffic; readonly changes: () => number; readonly errors: unknown[] } => {
    ports = new Map([[name, 20_000]]);
    const errors: unknown[] = [];
    const { signal } = new AbortController();
    const traffic = new HubTraffic({
      stores,
      clock,
      signal,
      sharesOf: () => undefined,
      ports: () => ports,
      onError: (error) => errors.push(error),
    });
    traffic.follow();
    let count = 0;
    traffic.onChange(() => (count += 1));
    return { traffic, changes: () => count, errors };
  };
  const settle = async (): Promise<void> => clock.advance(50);

  it('has the routes by which a hub is ready, whatever else there is', () => {
    const { traffic } = following(pizzeriaWith());
    assert.deepEqual([...traffic.resources('RouteConfiguration', 'zone-a').keys()], [READY_ROUTES]);
  });

  it('is sent anew only as far as it has changed', async () => {
    const stores = grill();
    const { traffic, changes } = following(stores);
    const [clusters, endpoints] = [
      traffic.resources('Cluster', 'zone-a'),
      traffic.resources('ClusterLoadAssignment', 'zone-a'),
    ];
    put(stores, withAddress(aPod({ name: 'pod-a1', node: 'node-a1', readyAt: false }), '10.0.0.1'));
    assert.equal(traffic.resources('ClusterLoadAssignment', 'zone-a'), endpoints);
    await settle();
    assert.equal(changes(), 1);
    assert.notEqual(traffic.resources('ClusterLoadAssignment', 'zone-a'), endpoints);
    assert.equal(traffic.resources('Listener', 'zone-a').size, 1);
    assert.ok(clusters.size === 1);
  });

  it('differs by the zone of the hub in the weights of endpoints alone', () => {
    const { traffic } = following(grill());
    const version = (type: 'Cluster' | 'ClusterLoadAssignment', zone: string): string | undefined =>
      traffic.resources(type, zone).get(name)?.version;
    assert.equal(version('Cluster', 'zone-a'), version('Cluster', 'zone-b'));
    assert.notEqual(version('ClusterLoadAssignment', 'zone-a'), version('ClusterLoadAssignment', 'zone-b'));
  });

  it('lasts for 15 s after it is not needed any more, and is gone then', async () => {
    const stores = grill();
    const { traffic } = following(stores);
    const listeners = (): number => traffic.resources('Listener', 'zone-a').size;
    drop(stores, aStation(behindHubs));
    await settle();
    await clock.advance(14_000);
    assert.equal(listeners(), 1);
    await clock.advance(1_100);
    assert.equal(listeners(), 0);
  });

  it('goes on where it is needed again meanwhile', async () => {
    const stores = grill();
    const { traffic } = following(stores);
    ports.clear();
    traffic.changed();
    await settle();
    ports.set(name, 20_001);
    traffic.changed();
    await clock.advance(16_000);
    assert.equal(traffic.resources('Listener', 'zone-a').size, 1);
  });

  it('goes on as it was while a slice leads to hubs, though they are asked for no more', async () => {
    const stores = grill(hubSlice);
    const { traffic } = following(stores);
    const version = (): string | undefined => traffic.resources('RouteConfiguration', 'zone-a').get(name)?.version;
    const before = version();
    const { hub: _, ...plain } = behindHubs;
    put(stores, aStation({ ...plain, ports: [...plain.ports], metadata: { resourceVersion: '99' } }));
    await settle();
    await clock.advance(60_000);
    assert.ok(before !== undefined && version() === before);
    drop(stores, hubSlice);
    await settle();
    await clock.advance(15_100);
    assert.equal(version(), undefined);
  });

  it('keeps the form of before where one cannot be packed, and tells', async () => {
    const stores = grill();
    const { traffic, errors } = following(stores);
    const before = traffic.resources('Listener', 'zone-a').get(name)?.version;
    ports.set(name, -1);
    traffic.changed();
    await settle();
    assert.equal(errors.length, 1);
    assert.equal(traffic.resources('Listener', 'zone-a').get(name)?.version, before);
  });
});

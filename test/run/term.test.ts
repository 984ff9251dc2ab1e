import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';

import type { CallOptions } from '../../operator/kube/client.ts';
import type { KubeObject } from '../../operator/api/kubernetes/object.ts';
import { pathOf } from '../../operator/kube/path.ts';
import { kitchens, stations } from '../../operator/api/resources.ts';
import type { WritableStores } from '../../operator/observe/stores.ts';
import { usualSigns } from '../../operator/observe/nodes/leavingSigns.ts';
import { silentLog } from '../../operator/report/log.ts';
import { createMetrics } from '../../operator/report/metrics.ts';
import type { Metrics } from '../../operator/report/metrics.ts';
import { controllers } from '../../operator/run/controllers.ts';
import { serveTerm } from '../../operator/run/term.ts';
import { FakeClient } from '../builders/fakeClient.ts';
import { FakeClock } from '../builders/fakeClock.ts';
import { FakeSuspicion } from '../builders/fakeSuspicion.ts';
import { aKitchen, aStation } from '../builders/kitchen.ts';
import { aNode } from '../builders/nodeObjects.ts';
import { aPod } from '../builders/podObjects.ts';
import { drop, pizzeriaWith, put, storesWith } from '../builders/stores.ts';

/** Applies, but for those of a status, wait until they are let go, and fail. */
class SlowClient extends FakeClient {
  readonly #gate = Promise.withResolvers<void>();

  letGo(): void {
    this.#gate.resolve();
  }

  override async apply<T extends KubeObject>(...call: Parameters<FakeClient['apply']>): Promise<T> {
    const [at] = call;
    if (at.subresource === undefined) {
      await this.#gate.promise;
      this.failNext('apply', pathOf(at), { code: 'unavailable' });
    }
    return super.apply<T>(...call);
  }
}

describe('a term', () => {
  let client: SlowClient;
  let clock: FakeClock;
  let metrics: Metrics;
  let stop: AbortController;
  let lost: AbortController;
  let served: Promise<void>;
  let suspicion: FakeSuspicion;

  beforeEach(() => {
    client = new SlowClient();
    client.put({ resource: kitchens, namespace: 'food', name: 'pizzeria' }, { ...aKitchen() });
    client.put({ resource: stations, namespace: 'food', name: 'pizzeria-grill' }, { ...aStation() });
    [clock, metrics, suspicion] = [new FakeClock(), createMetrics(), new FakeSuspicion()];
    [stop, lost] = [new AbortController(), new AbortController()];
  });

  afterEach(async () => {
    client.letGo();
    stop.abort();
    await clock.advance(3_500);
    await served;
  });

  async function begin(stores: WritableStores): Promise<void> {
    const never = Promise.resolve();
    served = serveTerm({
      world: { namespace: undefined, stores, suspicion, synced: never, ended: never, watches: () => [] },
      controllers,
      client,
      clock,
      metrics,
      random: () => 0,
      log: silentLog,
      events: { record: () => undefined, close: () => never },
      workers: 2,
      forgetZoneAfterMs: 1_000,
      leavingSigns: usualSigns,
      mayWrite: () => true,
      signal: stop.signal,
      lost: lost.signal,
    });
    await clock.advance(0);
  }

  const isMeasured = async (): Promise<boolean> => (await metrics.read()).body.includes('kitchen_station_demand{');
  const signals = (): readonly (boolean | undefined)[] =>
    client.calls.map(({ options }) => (options as CallOptions | undefined)?.signal?.aborted);

  it('measures the stations it looks at', async () => {
    await begin(pizzeriaWith());
    client.letGo();
    await clock.advance(0);
    assert.equal(await isMeasured(), true);
  });

  it('does not measure a station that went while it was looked at', async () => {
    const stores = pizzeriaWith();
    await begin(stores);
    drop(stores, { ...aStation({ metadata: { resourceVersion: '1000' } }) });
    client.letGo();
    await clock.advance(0);
    assert.equal(await isMeasured(), false);
  });

  const looks = async (): Promise<readonly string[]> =>
    (await metrics.read()).body.match(/^controller_runtime_reconcile_total\{[^}]*"station"[^}]*\} .*$/gm) ?? [];

  it('looks again when a node with pods of a station, or the last of its zone, becomes suspect', async () => {
    const many = Array.from({ length: 30 }, (_, index) => aNode({ name: `node-a${index + 1}` }));
    await begin(pizzeriaWith(...many, aPod(), aNode({ name: 'node-b1', zone: 'zone-b' })));
    client.letGo();
    await clock.advance(60_000);
    let before = await looks();
    assert.ok(before.length > 0);
    for (const [nodes, looked] of [
      [['node-gone'], false],
      [['node-a2'], false],
      [['node-a1'], true],
      [[], true],
      [['node-b1'], true],
    ] as const) {
      suspicion.suspect(nodes);
      // A station without pods on the node waits until half a second after its last look.
      await clock.advance(500);
      const after = await looks();
      assert.equal(!isDeepStrictEqual(after, before), looked, nodes.join());
      before = after;
    }
    stop.abort();
    await served;
    assert.equal(suspicion.listeners, 0, 'it listens no more');
    assert.equal(clock.pending, 0, 'and waits for nothing');
  });

  it('looks at once when a zone where pods are to be made may be dying, and when that is over', async () => {
    await begin(pizzeriaWith(aNode({ name: 'node-a1' }), aNode({ name: 'node-b1', zone: 'zone-b' })));
    client.letGo();
    await clock.advance(60_000);
    let before = await looks();
    for (const nodes of [['node-a1'], [], ['node-a1', 'node-b1'], ['node-b1']]) {
      suspicion.silent(15_000, ...nodes);
      await clock.advance(0);
      const after = await looks();
      assert.notDeepEqual(after, before, nodes.join());
      before = after;
    }
  });

  it('ends the calls of passes that do not end in time, and measures nothing after that', async () => {
    await begin(pizzeriaWith());
    stop.abort();
    await clock.advance(3_499);
    assert.equal(signals().includes(true), false);
    await clock.advance(1);
    await served;
    assert.ok(client.calls.length > 0 && signals().every((aborted) => aborted === true));
    client.letGo();
    await clock.advance(0);
    assert.equal(await isMeasured(), false);
  });

  it('ends calls under way as soon as leadership is lost', async () => {
    await begin(pizzeriaWith());
    lost.abort();
    assert.ok(client.calls.length > 0 && signals().every((aborted) => aborted === true));
  });

  it('forgets what a Kitchen was refused when that is gone', async () => {
    const stores = storesWith(aKitchen());
    client.letGo();
    client.failNext('apply', 'stations/pizzeria-grill', { code: 'invalid' });
    await begin(stores);
    const applies = (): number => client.writes.filter((each) => each.endsWith('stations/pizzeria-grill')).length;
    put(stores, { ...aKitchen({ metadata: { resourceVersion: '2' } }) });
    await clock.advance(10_000);
    assert.equal(applies(), 1, 'what was refused is not repeated');
    drop(stores, { ...aKitchen({ metadata: { resourceVersion: '1000' } }) });
    put(stores, { ...aKitchen({ metadata: { resourceVersion: '1001' } }) });
    await clock.advance(0);
    assert.ok(applies() > 1);
  });
});

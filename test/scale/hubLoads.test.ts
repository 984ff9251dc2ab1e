import assert from 'node:assert/strict';
import { keyOf } from '../../operator/api/kubernetes/key.ts';
import type { HubLoad } from '../../operator/observe/hubLoad.ts';
import { HubLoads } from '../../operator/scale/hubLoads.ts';
import type { CountedLoad } from '../../operator/scale/hubLoads.ts';
import { aService } from '../builders/childObjects.ts';
import { aStation } from '../builders/kitchen.ts';
import { pizzeriaWith } from '../builders/stores.ts';
import { ScalerStage } from './scalerStage.ts';

const station = keyOf({ namespace: 'food', name: 'pizzeria-grill' });
const hub = { retries: 'Full' } as const;
const counted: HubLoad = { inFlight: 70, requestsPerSecond: 900, silentHub: undefined };

/** What is known of the station where its Service is like this. */
function known(
  objects: readonly object[],
  sight: (() => HubLoad | undefined) | undefined = () => counted,
): CountedLoad {
  return new HubLoads({ stores: pizzeriaWith(...objects), sight }).of(station, 'inFlight');
}

const behind = aStation({ hub });
const led = aService({ spec: { selector: null } });

describe('load as hubs count it', () => {
  it('is requests under way, or a second', () => {
    assert.deepEqual(known([behind, led]), { load: { up: 70, down: 70 } });
    const loads = new HubLoads({ stores: pizzeriaWith(behind, led), sight: () => counted });
    assert.deepEqual(loads.of(station, 'requestsPerSecond'), { load: { up: 900, down: 900 } });
  });

  it('lets demand rise and not fall while a hub is silent', () => {
    const partly = known([behind, led], () => ({ ...counted, silentHub: 'hub-1' }));
    assert.deepEqual(partly, { load: { up: 70, down: undefined } });
  });

  for (const [words, load, reason, cure] of [
    [
      'there are no hubs',
      new HubLoads({ stores: pizzeriaWith(behind, led), sight: undefined }).of(station, 'inFlight'),
      'InvalidMetric',
      /hub\.enabled/,
    ],
    ['the station asks for none', known([aStation({}), led]), 'InvalidMetric', /spec\.hub/],
    ['its Service leads to the pods', known([behind, aService({})]), 'MetricsMissing', /HubMissing/],
    ['there is no Service', known([behind]), 'MetricsMissing', /HubMissing/],
    ['its ports are TCP', known([behind, led], () => undefined), 'InvalidMetric', /appProtocol/],
  ] as const) {
    it(`is not known where ${words}, and it is said what to do`, () => {
      assert.equal(load.load, undefined);
      assert.equal(load.fault?.reason, reason);
      assert.match(load.fault?.words ?? '', cure);
    });
  }

  it('sets demand by requests in flight, holds it while a hub is silent, and lets it fall after the window', async () => {
    const stage = new ScalerStage();
    const target = { type: 'AverageValue', averageValue: 8 } as const;
    const scale = {
      minReplicas: 2,
      maxReplicas: 20,
      metrics: [{ type: 'Hub', hub: { metric: 'inFlight', target } }],
    } as const;
    stage.put({ hub, scale });
    stage.putObject(led);
    stage.run(4);
    stage.hubLoad = counted;
    await stage.pass(20);
    assert.equal(stage.demand, 9);
    assert.equal(stage.view?.message, '9 = ⌈70 requests in flight / 8⌉');
    stage.hubLoad = { ...counted, inFlight: 20, silentHub: 'hub-1' };
    await stage.pass(400);
    assert.equal(stage.demand, 9);
    stage.hubLoad = { ...counted, inFlight: 20 };
    await stage.pass(290);
    assert.equal(stage.demand, 9);
    await stage.pass(20);
    assert.equal(stage.demand, 3);
  });
});

import assert from 'node:assert/strict';
import { planStation } from '../../../../operator/plan/station/planStation.ts';
import type { Snapshot } from '../../../../operator/model/snapshot.ts';
import type { ZoneView } from '../../../../operator/model/zone.ts';
import type { DeploymentView } from '../../../../operator/model/child.ts';
import { stepsOf } from '../../../builders/play.ts';
import { ours } from '../../../../operator/plan/station/picture.ts';
import { served } from '../../../builders/served.ts';

const minuteMs = 60_000;
const quota = 'exceeded quota: pods=9';

const three = { nodes: 3, pods: 3 };
const station = (): Snapshot =>
  served({ demand: 6, survive: { zones: 1 }, zones: { 'zone-a': three, 'zone-b': three, 'zone-c': three } });

/** A settled station, a pod of whose first zones died and has been refused again for so long. */
function refused(over: Partial<DeploymentView> & { readonly zones?: number } = {}): Snapshot {
  const { zones = 1, ...deployment } = over;
  const settled = station();
  return {
    ...settled,
    zones: settled.zones.map((zone, index) => (index < zones ? withFailure(zone, deployment) : zone)),
  };
}

function withFailure(zone: ZoneView, over: Partial<DeploymentView>): ZoneView {
  const deployment = ours(zone.deployment);
  assert.ok(deployment !== undefined);
  const failing = { replicaFailure: quota, failingMs: 20_000, sinceToldMs: 20_000, timesTold: 4 };
  return {
    ...zone,
    full: quota,
    pods: zone.pods.slice(1),
    deployment: { ...deployment, ...failing, ...over },
  };
}

const told = (snapshot: Snapshot): readonly string[] => stepsOf(snapshot).filter((step) => step.startsWith('tell '));

describe('a ReplicaSet whose pods are refused', () => {
  it('is told to try again when it has been refused for 15 s, and the words say so', () => {
    assert.deepEqual(told(refused()), ['tell zone-a to try']);
    const { steps } = planStation(refused());
    const step = steps.find(({ kind }) => kind === 'tellToTry');
    assert.ok(step?.kind === 'tellToTry');
    assert.deepEqual([step.times, step.name], [5, 'pizzeria-grill-zone-a']);
    assert.deepEqual(told(refused({ failingMs: 14_000, sinceToldMs: 14_000 })), []);
  });

  const paces = [
    [10 * minuteMs - 1, 29_999, false],
    [10 * minuteMs - 1, 30_000, true],
    [10 * minuteMs, 59_999, false],
    [10 * minuteMs, 60_000, true],
    [60 * minuteMs, 119_999, false],
    [60 * minuteMs, 120_000, true],
  ] as const;
  for (const [failingMs, sinceToldMs, isTold] of paces) {
    it(`${isTold ? 'is told' : 'waits'} ${sinceToldMs} ms after it was told, refused for ${failingMs} ms`, () => {
      assert.equal(told(refused({ failingMs, sinceToldMs })).length, isTold ? 1 : 0);
    });
  }

  it('is waited for in words that do not change from look to look', () => {
    const waits = [5_000, 6_000].map((sinceToldMs) => {
      const { what, why, lookAgainMs } =
        planStation(refused({ failingMs: 60_000, sinceToldMs })).waits.find(({ why: words }) =>
          words.includes('told to try'),
        ) ?? {};
      return { what, why, lookAgainMs };
    });
    const words = {
      what: 'pods made in zone-a',
      why: `its ReplicaSet waits before it tries again, and is told to try every 30 s: ${quota}`,
    };
    assert.deepEqual(waits, [
      { ...words, lookAgainMs: 25_000 },
      { ...words, lookAgainMs: 24_000 },
    ]);
  });

  it('is looked at again later when it is due and is not told, as while the Kitchen is paused', () => {
    const { waits } = planStation(refused({ failingMs: 60_000, sinceToldMs: 45_000 }));
    assert.equal(waits.find(({ why }) => why.includes('told to try'))?.lookAgainMs, 30_000);
  });

  it('is told nothing when all its pods are there, or its newest spec has not been seen', () => {
    const [zone] = station().zones;
    const replicas = (zone?.pods.length ?? 0) - 1;
    assert.deepEqual(told(refused({ replicas })), []);
    assert.deepEqual(told(refused({ generation: 2, observedGeneration: 1 })), []);
  });

  it('is told to try in each zone that is refused', () => {
    assert.deepEqual(told(refused({ zones: 2 })), ['tell zone-a to try', 'tell zone-b to try']);
  });
});

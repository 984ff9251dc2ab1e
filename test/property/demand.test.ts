import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { PodSamples } from '../../operator/model/scale.ts';
import { podsFor } from '../../operator/plan/scale/decideDemand.ts';
import type { DemandRules } from '../../operator/plan/scale/decideDemand.ts';
import { loadOf } from '../../operator/plan/scale/loadOf.ts';
import { ReadySince } from '../../operator/scale/readySince.ts';
import { sortSamples } from '../../operator/scale/samples.ts';
import { loadedPods, servingSince } from '../../operator/scale/servingPods.ts';
import { aKey } from '../builders/aKey.ts';
import { aMetric, DemandPlay, demandRules, TICK_MS } from '../builders/demand.ts';
import { aNode } from '../builders/nodeObjects.ts';
import { aPod } from '../builders/podObjects.ts';
import type { PodParts } from '../builders/podObjects.ts';
import { storesWith } from '../builders/stores.ts';
import { check } from './check.ts';

const share = fc.integer({ min: 0, max: 1_000 }).map((thousandth) => thousandth / 1_000);
const pods = fc.integer({ min: 1, max: 60 });
const load = share.map((part) => part * 60);

const rules: fc.Arbitrary<DemandRules> = fc
  .record({
    least: pods,
    more: fc.integer({ min: 0, max: 40 }),
    windowMs: fc.constantFrom(0, 10_000, 60_000, 300_000),
    fallback: fc.option(pods, { nil: undefined }),
  })
  .map(({ least, more, windowMs, fallback }) =>
    demandRules({
      minReplicas: least,
      maxReplicas: least + more,
      windowMs,
      ...(fallback === undefined
        ? {}
        : { fallback: { failureThreshold: 3, replicas: Math.min(fallback, least + more) } }),
    }),
  );

/** For how many ticks load is what, or not known. */
const stretch = fc.record({ load: fc.option(load, { nil: undefined }), ticks: fc.integer({ min: 1, max: 60 }) });
const trace = fc.array(stretch, { minLength: 1, maxLength: 8 });

/** What one pod carries, and whether it is heard. */
const heardPod = fc.record({ value: share.map((part) => part * 20), isHeard: fc.boolean() });

/** Pods in two zones, one of which may be lost, and some that are not Ready. */
const crowd = fc.record({
  alive: fc.integer({ min: 1, max: 12 }),
  lost: fc.integer({ min: 0, max: 6 }),
  starting: fc.integer({ min: 0, max: 5 }),
});
type Crowd = typeof crowd extends fc.Arbitrary<infer Value> ? Value : never;

/** What is known of a crowd that carries this together: the pods that are Ready on living nodes share it. */
function samplesOf({ alive, lost, starting }: Crowd, total: number): PodSamples {
  const named = (prefix: string, many: number, parts: PodParts): readonly object[] =>
    Array.from({ length: many }, (_, index) => aPod({ name: `${prefix}${index}`, ...parts }));
  const stores = storesWith(
    aNode({ name: 'node-a1', zone: 'zone-a' }),
    aNode({ name: 'node-b1', zone: 'zone-b', ready: 'Unknown' }),
    ...named('alive', alive, { node: 'node-a1', zone: 'zone-a' }),
    ...named('lost', lost, { node: 'node-b1', zone: 'zone-b' }),
    ...named('starting', starting, { node: 'node-a1', zone: 'zone-a', readyAt: false }),
  );
  const nowMs = 600_000;
  const suspicion = { suspects: new Map<string, number>(), silentMs: () => undefined };
  const sight = { stores, suspicion, ready: new ReadySince(), nowMs };
  const loaded = loadedPods(aKey('food/pizzeria-grill'), sight);
  // Those of the lost zone carried as much just before, and what is read of them is still fresh.
  const sample = { value: total / alive, seenMs: nowMs, windowMs: 0 };
  const samples = new Map(stores.pods.list().map(({ name }) => [name, sample]));
  return sortSamples(servingSince(loaded, sight), samples, { periodMs: 5_000, nowMs, readMs: nowMs });
}

function played(
  play: DemandPlay,
  stretches: readonly { readonly load: number | undefined; readonly ticks: number }[],
): readonly number[] {
  return stretches.flatMap(({ load: each, ticks }) =>
    Array.from(
      { length: ticks },
      (_, tick) => play.tick([aMetric(each, { failedReads: each === undefined ? tick + 1 : 0 })]).demand,
    ),
  );
}

describe('demand that follows load', () => {
  it('never leaves its bounds, whatever is measured', async () => {
    const odd = fc.constantFrom(NaN, Infinity, -Infinity, -1, 1e308, Number.MAX_VALUE, Number.MIN_VALUE);
    const figure = fc.oneof(load, fc.double(), odd, fc.constant(undefined));
    const metrics = fc.array(fc.tuple(figure, figure), { minLength: 1, maxLength: 100 });
    await check(fc.tuple(rules, pods, metrics), ([declared, begins, measured]) => {
      const play = new DemandPlay(begins, declared);
      for (const [some, other] of measured) {
        const { demand } = play.tick([aMetric(some, { id: 'a' }), aMetric(other, { id: 'b', isSlow: true })]);
        assert.ok(Number.isInteger(demand), String(demand));
        assert.ok(demand >= declared.minReplicas && demand <= declared.maxReplicas, String(demand));
      }
      const later = Math.ceil((declared.windowMs + 120_000) / TICK_MS);
      const both = [aMetric(0, { id: 'a' }), aMetric(0, { id: 'b', isSlow: true })];
      for (let tick = 0; tick < later; tick += 1) play.tick(both);
      assert.equal(play.demand, declared.minReplicas);
    });
  });

  it('never falls while load is not known, and not for a window after', async () => {
    await check(fc.tuple(rules, trace, load), ([declared, before, after]) => {
      const play = new DemandPlay(declared.minReplicas, declared);
      played(play, before);
      const then = play.demand;
      const unknown = played(play, [{ load: undefined, ticks: 50 }]);
      const within = Math.max(0, Math.floor(declared.windowMs / TICK_MS) - 1);
      const known = within === 0 ? [] : played(play, [{ load: after, ticks: within }]);
      let least = then;
      for (const demand of [...unknown, ...known]) {
        assert.ok(demand >= least, `${demand} after ${least}`);
        least = demand;
      }
    });
  });

  it('does not fall by data that are partial: what is missing may be up to the mean or the target', async () => {
    await check(fc.tuple(fc.array(heardPod, { minLength: 1, maxLength: 12 }), fc.boolean()), ([all, areDoubtful]) => {
      const target = 8;
      const heard = all.filter(({ isHeard }) => isHeard).map(({ value }) => value);
      const missing = all.length - heard.length;
      const partial = loadOf(
        { valid: heard, doubtful: areDoubtful ? missing : 0, silent: areDoubtful ? 0 : missing },
        target,
      );
      if (partial === undefined) return;
      const mean = heard.reduce((sum, value) => sum + value, 0) / heard.length;
      const most = Math.max(mean, target);
      const whole = all.map(({ value, isHeard }) => (isHeard ? value : Math.min(value, most)));
      const full = loadOf({ valid: whole, doubtful: 0, silent: 0 }, target);
      assert.ok(full !== undefined && partial.down >= full.down - 1e-9);
      assert.ok(partial.up <= partial.down + 1e-9);
    });
  });

  it('depends on the total alone: on neither the number of pods, nor those that are not Ready, nor a lost zone', async () => {
    const crowds = fc.array(crowd, { minLength: 1, maxLength: 10 });
    await check(fc.tuple(load, crowds), ([total, all]) => {
      const target = 8;
      const steady = new DemandPlay(6);
      const shaken = new DemandPlay(6);
      for (const each of all) {
        const found = loadOf(samplesOf(each, total * target), target);
        const measured = aMetric(undefined, { target, load: found, failedReads: 0 });
        const expected = steady.tick([aMetric(total)]).demand;
        assert.equal(shaken.tick([measured]).demand, expected);
      }
    });
  });

  it('settles under a load that stays, at what load asks for within tolerance, and is silent then', async () => {
    await check(fc.tuple(rules, trace, load), ([declared, before, stays]) => {
      const play = new DemandPlay(declared.minReplicas, declared);
      played(play, before);
      const ticks = Math.ceil((declared.windowMs + 120_000) / TICK_MS);
      played(play, [{ load: stays, ticks }]);
      const settled = play.demand;
      const later = played(play, [{ load: stays, ticks: 60 }]);
      assert.ok(
        later.every((demand) => demand === settled),
        `${settled}, then ${later.join(' ')}`,
      );
      const clamp = (demand: number): number => Math.min(declared.maxReplicas, Math.max(declared.minReplicas, demand));
      assert.ok(settled >= clamp(Math.floor(stays / 1.05)), `${settled} for ${stays}`);
      assert.ok(settled <= clamp(Math.max(podsFor(stays), podsFor(stays / 0.9))), `${settled} for ${stays}`);
    });
  });

  it('is held by one metric that is not known, whatever the others say', async () => {
    await check(fc.tuple(rules, fc.array(load, { minLength: 2, maxLength: 100 })), ([declared, loads]) => {
      const play = new DemandPlay(declared.maxReplicas, declared);
      play.tick([aMetric(declared.maxReplicas, { id: 'a' }), aMetric(1, { id: 'b' })]);
      for (const each of loads) {
        assert.equal(
          play.tick([aMetric(each, { id: 'a' }), aMetric(undefined, { id: 'b' })]).demand,
          declared.maxReplicas,
        );
      }
    });
  });
});

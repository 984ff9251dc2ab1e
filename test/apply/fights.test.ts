import { stationRules } from '../../operator/apply/station/steps.ts';
import type { StepResult } from '../../operator/apply/result.ts';
import assert from 'node:assert/strict';
import type { ZoneName } from '../../operator/api/zone.ts';
import { applyPlan } from '../../operator/apply/applyPlan.ts';
import type { Applying } from '../../operator/apply/applyPlan.ts';
import { CONTESTED_MS } from '../../operator/apply/contests.ts';
import { LastLooks } from '../../operator/apply/freshly.ts';
import { Refusals } from '../../operator/apply/refusals.ts';
import type { KubeObject } from '../../operator/api/kubernetes/object.ts';
import type { Plan, Step } from '../../operator/model/plan.ts';
import { FakeClient } from '../builders/fakeClient.ts';
import { FakeClock } from '../builders/fakeClock.ts';
import { aGrowStep, anIntent, aPlan, aSurvival } from '../builders/plan.ts';

const uid = 'uid-grill';

describe('a write that does not stay as it was sent', () => {
  let client: FakeClient;
  let clock: FakeClock;
  let applying: Applying<Plan>;

  beforeEach(() => {
    client = new FakeClient();
    clock = new FakeClock();
    applying = {
      client,
      learn: () => undefined,
      clock,
      refusals: new Refusals(),
      owner: { uid, generation: 1 },
      lastLooks: new LastLooks(clock),
      place: { namespace: 'food', name: 'pizzeria-grill' },
      lookAgain: async () => undefined,
    };
  });

  const cap = (most: number): void => {
    client.admit = (object) => {
      const { spec } = object as KubeObject & { readonly spec: { readonly replicas: number } };
      return { ...object, spec: { ...spec, replicas: Math.min(most, spec.replicas) } } as KubeObject;
    };
  };

  /** Asked for 5, with whatever else the step says. */
  function grow(more: Partial<ReturnType<typeof anIntent>> = {}): Step {
    const intent = anIntent(more);
    const spec = { replicas: 5 };
    return aGrowStep({ intent: { ...intent, body: { ...intent.body, spec } }, to: 5 });
  }

  const tried = async (short: number, ...steps: readonly Step[]): Promise<readonly StepResult<Step>[]> =>
    applyPlan(aPlan({ steps, survival: aSurvival({ short }) }), stationRules, applying);

  it('is refused when admission changed it, in words, and other zones grow', async () => {
    cap(3);
    const other = aGrowStep({ intent: anIntent({ name: 'pizzeria-grill-zone-b' }), zone: 'zone-b' as ZoneName });
    const [first, second] = await tried(0, grow(), other);
    assert.ok(first?.outcome === 'refused');
    assert.equal(first.reason, 'Contested');
    assert.equal(first.message, 'admission keeps spec.replicas of pizzeria-grill-zone-a at 3 (asked: 5)');
    assert.equal(second?.outcome, 'done');
    assert.deepEqual(applying.refusals.contests.of(uid, clock.monotonicMs()).contests, [
      { object: 'pizzeria-grill-zone-a', path: 'spec.replicas', by: 'admission', asked: '5', found: '3', times: 1 },
    ]);
  });

  it('is tried again later each time while admission changes it, up to a minute apart, and is well as soon as that stops', async () => {
    cap(3);
    const waitsMs: number[] = [];
    for (let round = 0; round < 6; round++) {
      const [result] = await tried(0, grow());
      assert.ok(result?.outcome === 'refused' && !result.remembered);
      waitsMs.push(result.lookAgainMs);
      await clock.advance(result.lookAgainMs);
    }
    assert.deepEqual(waitsMs, [5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
    cap(9);
    assert.equal((await tried(0, grow()))[0]?.outcome, 'done');
    assert.deepEqual(applying.refusals.contests.of(uid, clock.monotonicMs()).contests, []);
  });

  it('delays no other number while admission changes it, and waits 10 s at most while demand is not met', async () => {
    cap(3);
    for (let round = 0; round < 4; round++) {
      const [result] = await tried(0, grow());
      assert.ok(result?.outcome === 'refused');
      await clock.advance(round === 3 ? 0 : result.lookAgainMs);
    }
    cap(9);
    assert.equal((await tried(0, grow()))[0]?.outcome, 'refused');
    await clock.advance(9_999);
    assert.equal((await tried(1, grow()))[0]?.outcome, 'refused');
    assert.equal((await tried(0, aGrowStep({ to: 7, intent: anIntent({ body: bodyOf(7) }) })))[0]?.outcome, 'done');
    await clock.advance(1);
    assert.equal((await tried(1, grow()))[0]?.outcome, 'done');
  });

  /** The seconds at which the same content is sent, when it is changed back at once each time. */
  async function sentAt(seconds: number, short = 0): Promise<readonly number[]> {
    const sent: number[] = [];
    for (let second = 0; second < seconds; second++) {
      const [result] = await tried(short, grow());
      if (result?.outcome === 'done') sent.push(second);
      else assert.ok(result?.outcome === 'refused' && result.reason === 'TooManyWrites');
      await clock.advance(1_000);
    }
    return sent;
  }

  it('is sent twice at once, then later each time while something changes it back', async () => {
    assert.deepEqual(await sentAt(700), [0, 1, 6, 16, 36, 76, 156, 276, 396, 516, 636]);
  });

  it('is sent at least every 10 s while demand is not met', async () => {
    assert.deepEqual(await sentAt(60, 1), [0, 1, 6, 16, 26, 36, 46, 56]);
  });

  it('is never delayed when it has another content: a loss in the middle of a fight', async () => {
    await sentAt(30);
    assert.equal((await tried(0, aGrowStep({ to: 7, intent: anIntent({ body: bodyOf(7) }) })))[0]?.outcome, 'done');
    assert.equal((await tried(0, grow()))[0]?.outcome, 'done');
  });

  it('is reported with who changed it and how often, until there was no change for a quarter of an hour', async () => {
    const by = 'kube-controller-manager (subresource scale)';
    const takesBack = [{ path: 'spec.replicas', asked: 5, found: 2, by }];
    await tried(0, grow({ takesBack }));
    await tried(0, grow({ takesBack }));
    const seen = (): ReturnType<Refusals['contests']['of']> => applying.refusals.contests.of(uid, clock.monotonicMs());
    const contest = { object: 'pizzeria-grill-zone-a', path: 'spec.replicas', by, asked: '5', found: '2', times: 2 };
    assert.deepEqual(seen(), { contests: [contest], lookAgainMs: CONTESTED_MS });
    await clock.advance(CONTESTED_MS);
    assert.deepEqual(seen(), { contests: [], lookAgainMs: undefined });
  });

  it('is remembered for twenty fields of a station, and for none of one that is gone', () => {
    const { contests } = applying.refusals;
    for (let index = 0; index < 50; index++) {
      contests.note(uid, { object: 'a', path: `spec.${index}`, by: 'x', asked: 1, found: 'y'.repeat(99) }, index);
    }
    const known = contests.of(uid, 60).contests;
    assert.deepEqual([known.length, known[0]?.path, known[0]?.found.length], [20, 'spec.30', 60]);
    applying.refusals.forgetOwner(uid);
    assert.deepEqual(contests.of(uid, 60).contests, []);
  });
});

function bodyOf(replicas: number): ReturnType<typeof anIntent>['body'] {
  const { body } = anIntent();
  const metadata = { ...(body['metadata'] as object), annotations: { 'kitchen.dev/intent': `hash-${replicas}` } };
  return { ...body, metadata, spec: { replicas } };
}

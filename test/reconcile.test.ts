import { aKey } from './builders/aKey.ts';
import assert from 'node:assert/strict';
import { LastLooks } from '../operator/apply/freshly.ts';
import { Refusals } from '../operator/apply/refusals.ts';
import type { StepResult } from '../operator/apply/result.ts';
import type { AnyStep } from '../operator/apply/step.ts';
import { FirstSeen } from '../operator/engine/memory.ts';
import { ApiError } from '../operator/kube/errors.ts';
import { Fleet } from '../operator/observe/nodes/fleet.ts';
import { usualSigns } from '../operator/observe/nodes/leavingSigns.ts';
import { reconcile } from '../operator/reconcile.ts';
import type { Controller, Parts } from '../operator/reconcile.ts';
import { silentLog } from '../operator/report/log.ts';
import { createMetrics } from '../operator/report/metrics.ts';
import { Untold } from '../operator/report/untold.ts';
import { FakeClient } from './builders/fakeClient.ts';
import { FakeClock } from './builders/fakeClock.ts';
import { storesWith } from './builders/stores.ts';

interface Toast {
  readonly slices: number;
  readonly paused?: boolean;
  readonly lookAgainMs?: number;
}

interface ToastPlan {
  readonly steps: readonly AnyStep[];
}

describe('a pass', () => {
  let toast: Toast | undefined;
  /** What a look at the API server finds just before an irreversible step. */
  let fresh: ToastPlan | undefined;
  let done: string[];
  let reported: readonly StepResult<AnyStep>[] | undefined;

  beforeEach(() => {
    [toast, fresh, done, reported] = [{ slices: 2 }, undefined, [], undefined];
  });

  const controller: Controller<Toast, ToastPlan, AnyStep> = {
    snapshot: () => toast,
    subject: ({ paused = false }) => ({ metadata: { name: 'toast', namespace: 'food', uid: 'uid' }, paused }),
    plan: ({ slices }) => ({
      steps: Array.from({ length: slices }, (_, at) => ({ kind: 'butter', why: `slice ${at}` })),
    }),
    planAgain: async () => fresh,
    apply: {
      rows: {
        butter: {
          words: ({ why }) => `butter ${why}`,
          doing: ({ why }, name) => `buttering ${why} of ${name}`,
          send: async (_, { why }, { doing }) => {
            if (why === 'slice 9') throw new ApiError({ code: 'unavailable', doing, why: 'no butter' });
            done.push(doing);
            return undefined;
          },
        },
        eat: {
          words: () => 'eat',
          doing: () => 'eating',
          send: async () => void done.push('eaten'),
          isSame: (a, b) => a.why === b.why,
        },
      },
      trialOf: ({ kind, why }) => ({ name: `${kind} ${why}` }),
      changedIn: () => [],
      holdsUp: ({ outcome }) => outcome !== 'done',
    },
    waitsMs: ({ lookAgainMs }) => [lookAgainMs],
    report: async ({ results }) => {
      reported = results;
      return { told: true };
    },
  };

  const clock = new FakeClock();
  const memory = new FirstSeen();
  const parts = (): Parts => ({
    client: new FakeClient(),
    learn: () => undefined,
    clock,
    newId: () => 'id',
    log: silentLog,
    metrics: createMetrics(),
    events: { record: () => undefined },
    untold: new Untold(),
    isBehind: () => false,
    stores: storesWith(),
    memory,
    fleet: new Fleet([], { memory, suspects: () => new Map() }),
    refusals: new Refusals(),
    lastLooks: new LastLooks(clock),
    suspicion: { suspects: new Map(), silentMs: () => undefined },
    forgetZoneAfterMs: 1_000,
    leavingSigns: usualSigns,
  });
  const pass = (over: Partial<typeof controller> = {}): ReturnType<typeof reconcile> =>
    reconcile({ ...controller, ...over }, aKey('food/toast'), parts());
  const outcomes = (): readonly string[] => (reported ?? []).map(({ outcome }) => outcome);

  it('is over at once where there is nothing to look after', async () => {
    toast = undefined;
    assert.deepEqual(await pass(), { kind: 'done' });
    assert.equal(reported, undefined);
  });

  it('does the steps in their order and reports them', async () => {
    await pass();
    assert.deepEqual(done, ['buttering slice 0 of toast', 'buttering slice 1 of toast']);
    assert.deepEqual(outcomes(), ['done', 'done']);
  });

  it('writes nothing while paused, and reports all the same', async () => {
    toast = { slices: 2, paused: true };
    await pass();
    assert.deepEqual([done, outcomes()], [[], []]);
  });

  it('reports a step that failed, does no later one that it holds up, and is retried', async () => {
    const steps = ['slice 9', 'slice 1'].map((why) => ({ kind: 'butter', why }));
    const outcome = await pass({ plan: () => ({ steps }) });
    assert.deepEqual([done, outcomes()], [[], ['trouble']]);
    assert.equal(outcome.kind, 'retry');
  });

  it('does what cannot be undone only as a fresh look has it', async () => {
    const plan = { steps: [{ kind: 'eat', why: 'hunger' }] };
    await pass({ plan: () => plan });
    assert.deepEqual([done, outcomes()], [[], ['changed']]);
    fresh = plan;
    await pass({ plan: () => plan });
    assert.deepEqual([done, outcomes()], [['eaten'], ['done']]);
  });

  it('looks again when the first wait is over', async () => {
    toast = { slices: 0, lookAgainMs: 700 };
    assert.deepEqual(await pass(), { kind: 'again', lookAgainMs: 700 });
  });
});

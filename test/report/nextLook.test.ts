import assert from 'node:assert/strict';

import type { StepResult } from '../../operator/apply/result.ts';
import { ApiError } from '../../operator/kube/errors.ts';
import { nextLook } from '../../operator/report/nextLook.ts';

const told = { told: true } as const;
const error = new Error('no');
const step = 'step';
const did: StepResult<string> = { step, outcome: 'done', object: undefined };

describe('when to look again', () => {
  it('is never by itself when nothing was done and nothing is waited for', () => {
    assert.deepEqual(nextLook({ results: [], reported: told, waitsMs: [undefined] }), { kind: 'done' });
  });

  it('is when the first wait is over', () => {
    const outcome = nextLook({ results: [], reported: told, waitsMs: [9_000, undefined, 2_000] });
    assert.deepEqual(outcome, { kind: 'again', lookAgainMs: 2_000 });
  });

  it('is never at once when a wait is over and nothing was done, so that other keys get their turn', () => {
    const outcome = nextLook({ results: [], reported: told, waitsMs: [0] });
    assert.deepEqual(outcome, { kind: 'again', lookAgainMs: 50 });
  });

  it('is soon after a write, even when something is waited for', () => {
    assert.deepEqual(nextLook({ results: [did], reported: told, waitsMs: [9_000] }), {
      kind: 'again',
      lookAgainMs: 1_000,
    });
  });

  it('is when the status has waited for long enough', () => {
    const reported = { told: 'later', lookAgainMs: 700 } as const;
    assert.deepEqual(nextLook({ results: [did], reported, waitsMs: [] }), { kind: 'again', lookAgainMs: 700 });
  });

  it('backs off from trouble, and no sooner than the server asks', () => {
    const result: StepResult<string> = { step, outcome: 'trouble', message: '', error, retryAfterMs: 4_000 };
    const outcome = nextLook({ results: [did, result], reported: told, waitsMs: [100] });
    assert.deepEqual(outcome, { kind: 'retry', error, lookAgainMs: 4_000 });
  });

  it('backs off when the picture was old', () => {
    const result: StepResult<string> = { step, outcome: 'stale', message: '', error };
    assert.deepEqual(nextLook({ results: [result], reported: told, waitsMs: [] }), { kind: 'retry', error });
  });

  it('is when a refused write may be tried again', () => {
    const result: StepResult<string> = {
      step,
      outcome: 'refused',
      message: '',
      reason: 'Refused',
      remembered: true,
      lookAgainMs: 70_000,
    };
    assert.deepEqual(nextLook({ results: [result], reported: told, waitsMs: [] }), {
      kind: 'again',
      lookAgainMs: 70_000,
    });
  });

  it('backs off when the status could not be written', () => {
    const outcome = nextLook({ results: [did], reported: { told: false, error }, waitsMs: [] });
    assert.deepEqual(outcome, { kind: 'retry', error });
  });

  it('is no sooner than the server asks, whether of a step or of the status', () => {
    const busy = new ApiError({ code: 'tooManyRequests', doing: 'writing', why: 'busy', retryAfterMs: 20_000 });
    const reported = { told: false, error: busy } as const;
    assert.deepEqual(nextLook({ results: [did], reported, waitsMs: [] }), {
      kind: 'retry',
      error: busy,
      lookAgainMs: 20_000,
    });
    const stale: StepResult<string> = { step, outcome: 'stale', message: '', error };
    assert.deepEqual(nextLook({ results: [stale], reported, waitsMs: [] }), {
      kind: 'retry',
      error,
      lookAgainMs: 20_000,
    });
  });

  it('is after five minutes when the status is refused, or sooner for another reason', () => {
    const invalid = new ApiError({ code: 'invalid', doing: 'writing', why: 'too long' });
    const reported = { told: false, error: invalid } as const;
    assert.deepEqual(nextLook({ results: [], reported, waitsMs: [] }), { kind: 'again', lookAgainMs: 300_000 });
    assert.deepEqual(nextLook({ results: [], reported, waitsMs: [9_000] }), { kind: 'again', lookAgainMs: 9_000 });
  });
});

import assert from 'node:assert/strict';
import { FirstSeen } from '../../../operator/engine/memory.ts';
import { observeTrying } from '../../../operator/observe/station/toldToTry.ts';

describe('how long a ReplicaSet has been refused its pods', () => {
  it('is counted from the first refusal, and from the last time it was told to try', () => {
    const memory = new FirstSeen();
    const at = (nowMs: number, timesTold: number, replicaFailure: string | undefined = 'quota') =>
      observeTrying({ uid: 'uid-1', replicaFailure, timesTold }, { memory, nowMs });
    assert.deepEqual(at(0, 3), { failingMs: 0, sinceToldMs: 0 });
    assert.deepEqual(at(15_000, 3), { failingMs: 15_000, sinceToldMs: 15_000 });
    assert.deepEqual(at(16_000, 4), { failingMs: 16_000, sinceToldMs: 0 });
    assert.deepEqual(at(30_000, 4), { failingMs: 30_000, sinceToldMs: 14_000 });
  });

  it('begins again with the next failure', () => {
    const memory = new FirstSeen();
    const at = (nowMs: number, replicaFailure: string | undefined) =>
      observeTrying({ uid: 'uid-1', replicaFailure, timesTold: 0 }, { memory, nowMs });
    at(0, 'quota');
    assert.deepEqual(at(60_000, undefined), { failingMs: 0, sinceToldMs: 0 });
    assert.equal(memory.size, 0);
    assert.deepEqual(at(90_000, 'quota'), { failingMs: 0, sinceToldMs: 0 });
  });
});

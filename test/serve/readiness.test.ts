import assert from 'node:assert/strict';

import { readinessFaults } from '../../operator/serve/readiness.ts';

describe('readiness', () => {
  it('is given when every watch is synced and has spoken within three minutes', () => {
    assert.deepEqual(readinessFaults([{ resource: 'pods', synced: true, silentMs: 180_000 }]), []);
  });

  it('names the watch that has not been listed', () => {
    assert.deepEqual(readinessFaults([{ resource: 'nodes', synced: false, silentMs: 0 }]), ['nodes: not listed yet']);
  });

  it('names the watch that has been silent for more than three minutes', () => {
    const watches = [
      { resource: 'pods', synced: true, silentMs: 1_000 },
      { resource: 'nodes', synced: true, silentMs: 181_000 },
    ];
    assert.deepEqual(readinessFaults(watches), ['nodes: no event and no bookmark for 181 s']);
  });

  it('is withheld before any watch has begun', () => {
    assert.equal(readinessFaults([]).length, 1);
  });
});

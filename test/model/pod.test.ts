import assert from 'node:assert/strict';
import { alivePods, servingPods, surePods } from '../../operator/model/pod.ts';
import type { PodState } from '../../operator/model/pod.ts';
import { aPodView } from '../builders/snapshot.ts';

const all: readonly PodState[] = ['deleting', 'doubtful', 'leaving', 'starting', 'sure'];

describe('the pods of a station', () => {
  const pods = all.map((state) => aPodView({ state }));
  const states = (chosen: readonly { readonly state: PodState }[]): readonly PodState[] =>
    chosen.map(({ state }) => state);

  it('live unless they are being deleted', () =>
    assert.deepEqual(states(alivePods(pods)), ['doubtful', 'leaving', 'starting', 'sure']));
  it('serve on healthy and on leaving nodes', () => assert.deepEqual(states(servingPods(pods)), ['leaving', 'sure']));
  it('may be counted on where they are sure', () => assert.deepEqual(states(surePods(pods)), ['sure']));
});

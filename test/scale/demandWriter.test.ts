import assert from 'node:assert/strict';
import type { Client } from '../../operator/kube/client.ts';
import { projectStation } from '../../operator/observe/projectChild.ts';
import { writeDemand } from '../../operator/scale/demandWriter.ts';
import { aStation } from '../builders/kitchen.ts';

describe('writing demand', () => {
  for (const replicas of [NaN, Infinity, 4.5, 0, -1, 10_001]) {
    it(`refuses ${replicas}, which JSON or the API server would take for something else, or not at all`, async () => {
      const sent: unknown[] = [];
      const client = { patch: async (_: unknown, patch: unknown) => Promise.resolve(void sent.push(patch)) };
      const writing = writeDemand(client as unknown as Client, projectStation(aStation()), replicas);
      await assert.rejects(writing, {
        name: 'RangeError',
        message: /cannot be .*: it is a whole number from 1 to 10000/,
      });
      assert.deepEqual(sent, []);
    });
  }
});

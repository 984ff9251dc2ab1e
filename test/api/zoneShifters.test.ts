import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { kitchenSchema } from '../../operator/api/kitchen.ts';

describe('the right to shift zones and no more', () => {
  it('keeps every field of a Kitchen but shifts from being changed', async () => {
    const policy = await readFile(new URL('../../manifests/zone-shifters.yaml', import.meta.url), 'utf8');
    const kept = [...policy.matchAll(/object\.spec\.\?(\w+) == oldObject\.spec\.\?\1$/gm)].map(([, field]) => field);
    const fields = Object.keys(kitchenSchema.shape.spec.shape).filter((field) => field !== 'shifts');
    assert.deepEqual(new Set(kept), new Set(fields));
  });
});

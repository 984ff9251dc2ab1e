import assert from 'node:assert/strict';

import { fenced } from '../../operator/apply/fence.ts';
import type { Fence } from '../../operator/apply/fence.ts';
import type { CallOptions, Client } from '../../operator/kube/client.ts';
import { pods } from '../../operator/api/kubernetes/resource.ts';
import { FakeClient } from '../builders/fakeClient.ts';

const at = { resource: pods, namespace: 'food', name: 'grill-1' };

describe('the fence of a term', () => {
  let client: FakeClient;
  let leads: boolean;
  let over: AbortController;
  let inside: Client;

  beforeEach(() => {
    client = new FakeClient();
    client.put(at, {});
    leads = true;
    over = new AbortController();
    const fence: Fence = { mayWrite: () => leads, writeWithinMs: 4_000, over: over.signal };
    inside = fenced(client, fence);
  });

  const writes: readonly (readonly [string, (options?: CallOptions) => Promise<unknown>])[] = [
    ['create', (options) => inside.create(at, { metadata: { name: 'grill-1' } }, options)],
    ['apply', (options) => inside.apply(at, { metadata: { name: 'grill-1' } }, { ...options, fieldManager: 'x' })],
    ['patch', (options) => inside.patch(at, {}, { ...options, type: 'merge' })],
    ['remove', (options) => inside.remove(at, options)],
  ];
  const seen = (): CallOptions => client.calls[0]?.options as CallOptions;

  for (const [verb, write] of writes) {
    it(`lets no ${verb} out when this process does not lead`, async () => {
      leads = false;
      await assert.rejects(write(), { code: 'aborted', why: 'this process does not lead' });
      assert.deepEqual(client.calls, []);
    });

    it(`lets a ${verb} take no longer than is left of the lease, and no longer than its caller says`, async () => {
      await write();
      assert.equal(seen().timeoutMs, 4_000);
      client.put(at, {});
      client.calls.length = 0;
      await write({ timeoutMs: 1_000 });
      assert.equal(seen().timeoutMs, 1_000);
    });

    it(`asks once more when a ${verb} is sent`, async () => {
      await write();
      seen().beforeSending?.();
      leads = false;
      assert.throws(() => seen().beforeSending?.(), { code: 'aborted' });
    });

    it(`ends a ${verb} with the term, or when its caller ends it`, async () => {
      const caller = new AbortController();
      await write({ signal: caller.signal });
      assert.equal(seen().signal?.aborted, false);
      over.abort();
      assert.equal(seen().signal?.aborted, true);
    });
  }

  it('lets no write out to a namespace that another operator serves by now', async () => {
    let ours = true;
    const fence = { mayWrite: () => leads, serves: () => ours, writeWithinMs: 4_000, over: over.signal };
    const inShard = fenced(client, fence);
    await inShard.patch(at, {}, { type: 'merge' });
    ours = false;
    const refusal = { code: 'aborted', why: 'another operator serves its namespace by now' } as const;
    assert.throws(() => seen().beforeSending?.(), refusal);
    await assert.rejects(inShard.patch(at, {}, { type: 'merge' }), refusal);
    assert.equal(client.calls.length, 1);
  });

  it('ends reads with the term, and lets them take the time they need', async () => {
    await inside.get(at);
    await inside.list({ resource: pods });
    over.abort();
    const all = client.calls.map(({ options }) => options as CallOptions);
    assert.deepEqual(
      all.map(({ signal, timeoutMs }) => [signal?.aborted, timeoutMs]),
      [
        [true, undefined],
        [true, undefined],
      ],
    );
  });
});

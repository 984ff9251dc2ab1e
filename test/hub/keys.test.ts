import assert from 'node:assert/strict';
import { authoritiesOf, keysAfter, keysStep } from '../../operator/hub/keys.ts';
import type { HubKeys } from '../../operator/hub/keys.ts';
import { keysIn, keysObject } from '../../operator/hub/keysObject.ts';
import type { Issued } from '../../operator/xds/certificates.ts';

const DAY = 24 * 3_600_000;
const issued = (name: string, notAfterMs: number): Issued => ({
  key: `key ${name}`,
  cert: `cert ${name}`,
  authority: `ca ${name}`,
  notAfterMs,
});

async function step(keys: HubKeys | undefined, nowMs: number, name: string): Promise<HubKeys | undefined> {
  const what = keysStep(keys, nowMs);
  return what === undefined
    ? keys
    : keysAfter(what, { keys, nowMs, fresh: async () => issued(name, nowMs + 365 * DAY) });
}

describe('the keys of the server for hubs', () => {
  it('are made once, and left alone for two thirds of their life', async () => {
    const keys = await step(undefined, 0, 'one');
    assert.equal(keys?.current.cert, 'cert one');
    assert.equal(await step(keys, 240 * DAY, 'two'), keys);
  });

  it('are followed by the next, which hubs believe for an hour before it is shown', async () => {
    const keys = await step(undefined, 0, 'one');
    const both = await step(keys, 250 * DAY, 'two');
    assert.equal(both?.current.cert, 'cert one');
    assert.equal(both && authoritiesOf(both), 'ca one\nca two\n');
    assert.equal(await step(both, 250 * DAY + 3_599_000, 'three'), both);
    const next = await step(both, 250 * DAY + 3_600_000, 'three');
    assert.deepEqual(next, { current: issued('two', 615 * DAY) });
  });

  it('that have run out are replaced at once', async () => {
    const keys = await step(undefined, 0, 'one');
    assert.equal((await step(keys, 366 * DAY, 'two'))?.current.cert, 'cert two');
  });

  it('are read back from the Secret as they were written', async () => {
    const both = await step(await step(undefined, 0, 'one'), 250 * DAY, 'two');
    assert.ok(both !== undefined);
    assert.deepEqual(keysIn(keysObject(both, { namespace: 'n', resourceVersion: '1' })), both);
  });

  it('that a person has spoilt count as none', () => {
    const spoilt = { metadata: {}, data: { current: Buffer.from('{"key":1}').toString('base64') } };
    assert.equal(keysIn(spoilt), undefined);
    assert.equal(keysIn({ metadata: {}, data: { current: 'nonsense' } } as never), undefined);
  });
});

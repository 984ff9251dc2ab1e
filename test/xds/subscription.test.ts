import assert from 'node:assert/strict';
import type { PackedResource } from '../../operator/envoy/translate.ts';
import type { Delta, DeltaRequest } from '../../operator/xds/messages.ts';
import { Subscription } from '../../operator/xds/subscription.ts';

const url = 'type.googleapis.com/envoy.config.cluster.v3.Cluster';
const at = (version: string): PackedResource => ({ version, bytes: new Uint8Array() });
const all = (versions: Readonly<Record<string, string>>): ReadonlyMap<string, PackedResource> =>
  new Map(Object.entries(versions).map(([name, version]) => [name, at(version)]));

function request(parts: Partial<DeltaRequest> = {}): DeltaRequest {
  return {
    typeUrl: url,
    resourceNamesSubscribe: [],
    resourceNamesUnsubscribe: [],
    initialResourceVersions: {},
    responseNonce: '',
    ...parts,
  } as unknown as DeltaRequest;
}

class Envoy {
  readonly subscription: Subscription;
  #nonce = 0;
  last: Delta | undefined;

  constructor(first: Partial<DeltaRequest> = {}) {
    this.subscription = new Subscription(url, request(first));
    this.subscription.hear(request(first));
  }

  /** What it gets next, in short. */
  gets(resources: ReadonlyMap<string, PackedResource>): readonly string[] | undefined {
    const next = this.subscription.next(resources, () => String((this.#nonce += 1)));
    if (next !== undefined) this.last = next;
    return next && [...next.changed.keys(), ...next.removed.map((name) => `-${name}`)];
  }

  takes(): void {
    this.subscription.hear(request({ responseNonce: this.last?.nonce ?? '' }));
  }

  refuses(message: string): unknown {
    return this.subscription.hear(request({ responseNonce: this.last?.nonce ?? '', errorDetail: { message } }));
  }
}

describe('what an Envoy that asks for everything gets', () => {
  it('is an answer even when there is nothing, once', () => {
    const envoy = new Envoy();
    assert.deepEqual(envoy.gets(all({})), []);
    envoy.takes();
    assert.equal(envoy.gets(all({})), undefined);
  });

  it('is what has changed and what is gone, one response at a time', () => {
    const envoy = new Envoy();
    assert.deepEqual(envoy.gets(all({ a: '1', b: '1' })), ['a', 'b']);
    assert.equal(envoy.gets(all({ a: '2', b: '1' })), undefined);
    assert.equal(envoy.gets(all({ a: '3' })), undefined);
    envoy.takes();
    assert.deepEqual(envoy.gets(all({ a: '3' })), ['a', '-b']);
  });

  it('is nothing that it still has from another replica', () => {
    const envoy = new Envoy({ initialResourceVersions: { a: '1', b: '1', c: '1' } });
    assert.deepEqual(envoy.gets(all({ a: '1', b: '2' })), ['b', '-c']);
  });

  it('is nothing for an answer to a response of before', () => {
    const envoy = new Envoy();
    envoy.gets(all({ a: '1' }));
    envoy.subscription.hear(request({ responseNonce: 'of-before' }));
    assert.equal(envoy.gets(all({ a: '2' })), undefined);
  });
});

describe('what an Envoy that asks for names gets', () => {
  it('is these names, and again when it asks again', () => {
    const envoy = new Envoy({ resourceNamesSubscribe: ['a'] });
    const resources = all({ a: '1', b: '1' });
    assert.deepEqual(envoy.gets(resources), ['a']);
    envoy.takes();
    assert.equal(envoy.gets(resources), undefined);
    envoy.subscription.hear(request({ resourceNamesSubscribe: ['a'] }));
    assert.deepEqual(envoy.gets(resources), ['a']);
  });

  it('is told as gone where it does not exist, and comes when it does', () => {
    const envoy = new Envoy({ resourceNamesSubscribe: ['a'] });
    assert.deepEqual(envoy.gets(all({})), ['-a']);
    envoy.takes();
    assert.deepEqual(envoy.gets(all({ a: '1' })), ['a']);
  });

  it('is nothing of a name that it asks for no more', () => {
    const envoy = new Envoy({ resourceNamesSubscribe: ['a', 'b'] });
    envoy.gets(all({ a: '1', b: '1' }));
    envoy.takes();
    envoy.subscription.hear(request({ resourceNamesUnsubscribe: ['a'] }));
    assert.deepEqual(envoy.gets(all({ a: '2', b: '2' })), ['b']);
  });
});

describe('what an Envoy refuses', () => {
  it('is not sent again before it has changed', () => {
    const envoy = new Envoy();
    envoy.gets(all({ a: '1' }));
    assert.deepEqual(envoy.refuses('bad'), { name: 'a', message: 'bad', version: '1' });
    assert.equal(envoy.gets(all({ a: '1' })), undefined);
    assert.deepEqual(envoy.gets(all({ a: '2' })), ['a']);
  });

  it('is found out by sending each alone, and the others are used', () => {
    const envoy = new Envoy();
    const resources = all({ a: '1', b: '1', c: '1' });
    envoy.gets(resources);
    assert.equal(envoy.refuses('bad'), undefined);
    assert.deepEqual(envoy.gets(resources), ['a']);
    envoy.takes();
    assert.deepEqual(envoy.gets(resources), ['b']);
    assert.deepEqual(envoy.refuses('bad b'), { name: 'b', message: 'bad b', version: '1' });
    assert.deepEqual(envoy.gets(resources), ['c']);
    envoy.takes();
    assert.equal(envoy.gets(resources), undefined);
  });

  it('and is gone by then is told as gone', () => {
    const envoy = new Envoy();
    envoy.gets(all({ a: '1', b: '1' }));
    envoy.refuses('bad');
    assert.deepEqual(envoy.gets(all({ b: '1' })), ['-a']);
  });
});

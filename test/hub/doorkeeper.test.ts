import assert from 'node:assert/strict';
import type { Client, RawCall } from '../../operator/kube/client.ts';
import { Doorkeeper } from '../../operator/hub/doorkeeper.ts';
import { FakeClock } from '../builders/fakeClock.ts';
import { aNode } from '../builders/nodeObjects.ts';
import { storesWith } from '../builders/stores.ts';

const POD = 'authentication.kubernetes.io/pod-name';
const NODE = 'authentication.kubernetes.io/node-name';
const { signal } = new AbortController();

/** What the API server says of a hub's token, with changes. */
function said(changes: object = {}, user: object = {}): object {
  return {
    authenticated: true,
    audiences: ['kitchen-hub'],
    user: {
      username: 'system:serviceaccount:kitchen-system:kitchen-hub',
      extra: { [POD]: ['hub-1'], [NODE]: ['node-b1'] },
      ...user,
    },
    ...changes,
  };
}

function doorkeeper(status: object): {
  readonly keeper: Doorkeeper;
  readonly asked: RawCall[];
  readonly clock: FakeClock;
} {
  const asked: RawCall[] = [];
  const clock = new FakeClock();
  const request = ((call: RawCall) => {
    asked.push(call);
    return Promise.resolve({ status });
  }) as Client['request'];
  const { nodes } = storesWith(aNode({ name: 'node-b1', zone: 'zone-b' }));
  const serviceAccount = { namespace: 'kitchen-system', name: 'kitchen-hub' };
  return { keeper: new Doorkeeper({ client: { request }, clock, nodes, serviceAccount }), asked, clock };
}

describe('who holds a token', () => {
  it('is the hub of the pod that it was made for, in the zone of its node', async () => {
    const { keeper, asked } = doorkeeper(said());
    assert.deepEqual(await keeper.hubOf('t', signal), { pod: 'hub-1', node: 'node-b1', zone: 'zone-b' });
    const review = asked[0]?.body as { readonly spec: unknown } | undefined;
    assert.deepEqual(review?.spec, { token: 't', audiences: ['kitchen-hub'] });
  });

  it('has no zone where its node is not known, or has none', async () => {
    const { keeper } = doorkeeper(said({}, { extra: { [POD]: ['hub-1'], [NODE]: ['new'] } }));
    assert.equal((await keeper.hubOf('t', signal))?.zone, '');
  });

  const strangers: Readonly<Record<string, object>> = {
    'of nobody': said({ authenticated: false }),
    'for the API server': said({ audiences: ['https://kubernetes.default.svc'] }),
    'of another account': said({}, { username: 'system:serviceaccount:default:default' }),
    'that is bound to no pod': said({}, { extra: {} }),
  };
  for (const [which, status] of Object.entries(strangers)) {
    it(`is nobody with a token ${which}`, async () => {
      assert.equal(await doorkeeper(status).keeper.hubOf('t', signal), undefined);
    });
  }

  it('is not asked again for 10 s after a refusal, for that token alone', async () => {
    const { keeper, asked, clock } = doorkeeper(said({ authenticated: false }));
    await keeper.hubOf('t', signal);
    await keeper.hubOf('t', signal);
    assert.equal(asked.length, 1);
    await keeper.hubOf('other', signal);
    assert.equal(asked.length, 2);
    await clock.advance(10_000);
    await keeper.hubOf('t', signal);
    assert.equal(asked.length, 3);
  });
});

import assert from 'node:assert/strict';
import type { Client, RawCall } from '../../operator/kube/client.ts';
import { Doorkeeper } from '../../operator/hub/doorkeeper.ts';
import { FakeClock } from '../builders/fakeClock.ts';

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
  const serviceAccount = { namespace: 'kitchen-system', name: 'kitchen-hub' };
  return { keeper: new Doorkeeper({ client: { request }, clock, serviceAccount }), asked, clock };
}

describe('who holds a token', () => {
  it('is the hub of the pod that it was made for', async () => {
    const { keeper, asked } = doorkeeper(said());
    assert.deepEqual(await keeper.hubOf('t', signal), { pod: 'hub-1', node: 'node-b1' });
    const review = asked[0]?.body as { readonly spec: unknown } | undefined;
    assert.deepEqual(review?.spec, { token: 't', audiences: ['kitchen-hub'] });
  });

  it('is to ask again while eight others are being asked for', async () => {
    const { keeper } = doorkeeper(said());
    const asking = Array.from({ length: 8 }, (_, at) => keeper.hubOf(`t${at}`, signal));
    await assert.rejects(keeper.hubOf('late', signal), /too many hubs ask at once/);
    await Promise.all(asking);
    assert.equal((await keeper.hubOf('late', signal))?.pod, 'hub-1');
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

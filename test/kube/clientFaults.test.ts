import assert from 'node:assert/strict';
import type { Client } from '../../operator/kube/client.ts';
import { ApiError, verdict } from '../../operator/kube/errors.ts';
import { pods } from '../../operator/api/kubernetes/resource.ts';
import { FakeClock } from '../builders/fakeClock.ts';
import { failureOf } from './conformance.ts';
import { eventually } from './eventually.ts';
import { FaultyServer } from './faultyServer.ts';
import { TestConfig } from './testConfig.ts';

const at = { resource: pods, namespace: 'default', name: 'grill' };
const any = (): boolean => true;

describe('a client, when the API server fails', () => {
  let server: FaultyServer;
  let config: TestConfig;
  let clock: FakeClock;
  let client: Client;
  let answered: string[];

  beforeEach(async () => {
    server = await new FaultyServer().start();
    server.api.put('/api/v1/pods', { metadata: { namespace: 'default', name: 'grill' } });
    config = await TestConfig.make(server.url);
    clock = new FakeClock();
    answered = [];
    client = config.connect(clock, (method, code) => answered.push(`${method} ${code}`));
  });

  afterEach(async () => {
    await client.close();
    await server.stop();
    await config.remove();
    assert.equal(clock.pending, 0, 'no timer is left behind');
  });

  it('calls a reset connection trouble, and the next call works', async () => {
    server.fail(any, { kind: 'reset' });
    const error = await failureOf(client.get(at));
    assert.equal(error.code, 'connection');
    assert.deepEqual(verdict(error), { kind: 'trouble' });
    assert.match(error.message, /^reading pods default\/grill: /);
    await client.get(at);
  });

  it('gives up a half-open connection after its time, and the next call takes another', async () => {
    server.fail(any, { kind: 'hang' });
    const failure = failureOf(client.get(at, { timeoutMs: 4_000, doing: 'looking at the grill' }));
    await eventually(() => server.requests.length === 1);
    await clock.advance(3_999);
    await clock.advance(1);
    const error = await failure;
    assert.equal(error.code, 'timeout');
    assert.equal(error.message, 'looking at the grill: no answer within 4 s');
    await client.get(at);
  });

  it('answers a call while any number of others hang, so that the Lease is renewed on time', async () => {
    const hanging = Array.from({ length: 40 }, () => {
      server.fail(any, { kind: 'hang' });
      return failureOf(client.get(at));
    });
    await eventually(() => server.requests.length === hanging.length);
    await client.get(at);
    await client.close();
    const failures = await Promise.all(hanging);
    assert.equal(failures.length, 40);
  });

  it('tells of every request as it was answered, and of a watch when it was', async () => {
    server.fail(any, { kind: 'answer', status: 403 });
    const watched = client.watch({ resource: pods }, { resourceVersion: '0', timeoutSeconds: 60 });
    assert.deepEqual(answered, []);
    await assert.rejects(watched[Symbol.asyncIterator]().next());
    await client.create({ resource: pods, namespace: 'default' }, { metadata: { name: 'till' } });
    server.fail(any, { kind: 'reset' });
    await failureOf(client.get(at));
    assert.deepEqual(answered, ['GET 403', 'POST 201', 'GET <error>']);
  });

  it('tells of a request that was sent again for other credentials', async () => {
    server.fail(any, { kind: 'answer', status: 401 });
    await client.get(at);
    assert.deepEqual(answered, ['GET 401', 'GET 200']);
  });

  it('hands on the time after which a 429 asks to try again', async () => {
    server.fail(any, { kind: 'answer', status: 429, headers: { 'retry-after': '3' } });
    const error = await failureOf(client.get(at));
    assert.equal(error.code, 'tooManyRequests');
    assert.deepEqual(verdict(error), { kind: 'trouble', retryAfterMs: 3_000 });
  });

  it('compares a date in Retry-After with the clock of the server', async () => {
    const headers = { 'retry-after': 'Thu, 01 Jan 1970 00:00:09 GMT', date: 'Thu, 01 Jan 1970 00:00:02 GMT' };
    server.fail(any, { kind: 'answer', status: 503, headers, body: 'upstream is away' });
    const error = await failureOf(client.get(at));
    assert.equal(error.message, 'reading pods default/grill: HTTP status 503: upstream is away');
    assert.deepEqual(verdict(error), { kind: 'trouble', retryAfterMs: 7_000 });
  });

  it('says which rights a call needs when it was forbidden', async () => {
    const calls: readonly (readonly [() => Promise<unknown>, readonly string[]])[] = [
      [() => client.get(at), ['get grill']],
      [() => client.list({ resource: pods, namespace: 'default' }), ['list all']],
      [() => client.create({ resource: pods, namespace: 'default' }, { metadata: { name: 'oven' } }), ['create all']],
      [() => client.apply(at, { metadata: {} }, { fieldManager: 'test' }), ['patch grill', 'create grill']],
      [() => client.patch(at, {}, { type: 'merge' }), ['patch grill']],
      [() => client.remove(at), ['delete grill']],
    ];
    for (const [call, needs] of calls) {
      server.fail(any, { kind: 'answer', status: 403, body: { kind: 'Status', reason: 'Forbidden', message: 'no' } });
      const error = await failureOf(call());
      assert.equal(error.code, 'forbidden');
      assert.deepEqual(
        error.rights.map(({ verb, name = 'all' }) => `${verb} ${name}`),
        needs,
      );
      assert.ok(error.rights.every(({ resource, namespace }) => resource === pods && namespace === 'default'));
    }
  });

  it('calls an answer that is not JSON malformed', async () => {
    const headers = { 'content-type': 'application/json' };
    server.fail(any, { kind: 'answer', status: 200, headers, body: 'not an object' });
    assert.equal((await failureOf(client.get(at))).code, 'malformed');
  });

  it('works again when the server was restarted', async () => {
    await client.get(at);
    await server.stop();
    assert.equal((await failureOf(client.get(at))).code, 'connection');
    await server.start();
    assert.equal((await client.get(at)).metadata.name, 'grill');
  });

  it('reads the token again when it has expired, once for all calls', async () => {
    server.token = 'one';
    await client.get(at);
    server.token = 'two';
    await config.setToken('two');
    const names = await Promise.all([client.get(at), client.get(at), client.get(at)]);
    assert.deepEqual(
      names.map(({ metadata }) => metadata.name),
      ['grill', 'grill', 'grill'],
    );
    assert.equal(server.requests.length, 1 + 3 + 3);
    await client.get(at);
    assert.equal(server.requests.length, 8, 'the new token is kept');
  });

  it('asks no more than twice when the new token is not accepted either', async () => {
    server.token = 'two';
    const error = await failureOf(client.get(at));
    assert.equal(error.code, 'unauthorized');
    assert.deepEqual(verdict(error), { kind: 'trouble' });
    assert.equal(server.requests.length, 2);
  });

  it('asks whether it may send each time it does, and does not send when it may not', async () => {
    server.token = 'two';
    await config.setToken('two');
    let asked = 0;
    const refusal = new ApiError({ code: 'aborted', doing: 'writing', why: 'no more' });
    const beforeSending = (): void => {
      if ((asked += 1) > 1) throw refusal;
    };
    server.fail(any, { kind: 'answer', status: 401 });
    assert.equal(await failureOf(client.patch(at, {}, { type: 'merge', beforeSending })), refusal);
    assert.deepEqual([asked, server.requests.length], [2, 1]);
  });

  it('says when there are no credentials to be had', async () => {
    await config.remove();
    const error = await failureOf(client.get(at));
    assert.match(error.message, /^reading pods default\/grill: no credentials: .*no such file/);
    config = await TestConfig.make(server.url);
  });

  it('begins a list again when its token expired between two pages, and then reads it in one piece', async () => {
    for (let index = 0; index < 501; index++) {
      server.api.put('/api/v1/pods', { metadata: { namespace: 'many', name: `pod-${index}` } });
    }
    const status = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' };
    server.fail(({ query }) => query.has('continue'), { kind: 'answer', status: 410, body: status }, 2);
    const { items } = await client.list({ resource: pods, namespace: 'many' });
    assert.equal(new Set(items.map(({ metadata }) => metadata.name)).size, 501);
    assert.equal(items.length, 501);
    assert.deepEqual(
      server.requests.map(({ query }) => query.get('limit')),
      ['500', '500', '500', '500', null],
    );
  });

  it('ends what is under way when it is closed', async () => {
    server.fail(any, { kind: 'hang' });
    const failure = failureOf(client.get(at));
    await eventually(() => server.requests.length === 1);
    await client.close();
    assert.equal((await failure).code, 'aborted');
  });
});

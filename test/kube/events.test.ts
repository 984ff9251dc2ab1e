import assert from 'node:assert/strict';
import type { Client } from '../../operator/kube/client.ts';
import { recordEvents } from '../../operator/kube/events.ts';
import type { EventNote, EventRecorder } from '../../operator/kube/events.ts';
import { messageOf } from '../../operator/kube/errors.ts';
import { FakeClock } from '../builders/fakeClock.ts';
import { eventually } from './eventually.ts';
import { FaultyServer } from './faultyServer.ts';
import { TestConfig } from './testConfig.ts';

const any = (): boolean => true;

function aNote(note: Partial<EventNote> = {}): EventNote {
  const regarding = { apiVersion: 'kitchen.dev/v1', kind: 'Station', namespace: 'default', name: 'grill', uid: 'u-1' };
  return { regarding, type: 'Normal', reason: 'ZoneGrown', action: 'Grow', note: 'zone a from 2 to 3', ...note };
}

describe('an event recorder', () => {
  let server: FaultyServer;
  let config: TestConfig;
  let clock: FakeClock;
  let client: Client;
  let recorder: EventRecorder;
  let errors: string[];

  interface Sent {
    readonly metadata?: Record<string, string>;
    readonly series?: { readonly count: number };
    readonly note?: string;
    readonly eventTime?: string;
  }
  const sent = (): Sent[] => server.requests.map(({ body }) => body as Sent);
  const methods = (): string => server.requests.map(({ method }) => method).join(' ');

  beforeEach(async () => {
    server = await new FaultyServer().start();
    config = await TestConfig.make(server.url);
    clock = new FakeClock();
    client = config.connect(clock);
    errors = [];
    recorder = recordEvents({
      client,
      clock,
      random: () => 0,
      controller: 'kitchen.dev/operator',
      instance: 'operator-0',
      onError: (error) => errors.push(messageOf(error)),
      limit: 3,
    });
  });

  afterEach(async () => {
    await recorder.close(1_000);
    await client.close();
    await server.stop();
    await config.remove();
    assert.equal(clock.pending, 0, 'no timer is left behind');
  });

  /** Waits until so many requests were sent and answered. */
  async function requests(count: number): Promise<void> {
    await eventually(() => server.requests.length === count && clock.pending === 0);
  }

  it('writes an event with all that the API asks for', async () => {
    recorder.record(aNote());
    await requests(1);
    const { eventTime, ...rest } = sent()[0] ?? {};
    assert.match(eventTime ?? '', /\.\d{6}Z$/);
    assert.deepEqual(rest, {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { generateName: 'grill-', namespace: 'default' },
      reportingController: 'kitchen.dev/operator',
      reportingInstance: 'operator-0',
      type: 'Normal',
      reason: 'ZoneGrown',
      action: 'Grow',
      note: 'zone a from 2 to 3',
      regarding: aNote().regarding,
    });
  });

  it('counts repeats in the event that is there, the first at once and further ones once a minute', async () => {
    recorder.record(aNote());
    await requests(1);
    recorder.record(aNote());
    await requests(2);
    for (let repeat = 0; repeat < 50; repeat++) recorder.record(aNote());
    await clock.advance(59_999);
    assert.equal(methods(), 'POST PATCH');
    await clock.advance(1);
    await requests(3);
    assert.deepEqual(
      sent().map(({ series }) => series?.count),
      [undefined, 2, 52],
    );
    assert.match(server.requests[2]?.path ?? '', /\/events\/grill-/);
  });

  it('begins a new event for another note, and after six quiet minutes', async () => {
    recorder.record(aNote());
    await requests(1);
    recorder.record(aNote({ note: 'zone b from 2 to 3' }));
    await requests(2);
    await clock.advance(360_001);
    recorder.record(aNote());
    await requests(3);
    assert.equal(methods(), 'POST POST POST');
  });

  it('makes the event again when the server has deleted it', async () => {
    recorder.record(aNote());
    await requests(1);
    const body = { kind: 'Status', code: 404, reason: 'NotFound' };
    server.fail(({ method }) => method === 'PATCH', { kind: 'answer', status: 404, body });
    recorder.record(aNote());
    await requests(3);
    assert.equal(methods(), 'POST PATCH POST');
    assert.equal(sent()[2]?.series?.count, 2);
  });

  it('tries again after trouble, later each time', async () => {
    server.fail(any, { kind: 'answer', status: 503 }, 2);
    recorder.record(aNote());
    await eventually(() => errors.length === 1);
    await clock.advance(2_000);
    await eventually(() => errors.length === 2);
    await clock.advance(3_999);
    assert.equal(server.requests.length, 2);
    await clock.advance(1);
    await requests(3);
  });

  it('tries again no sooner than the server asks', async () => {
    server.fail(any, { kind: 'answer', status: 429, headers: { 'retry-after': '20' } });
    recorder.record(aNote());
    await eventually(() => errors.length === 1);
    await clock.advance(19_999);
    assert.equal(server.requests.length, 1);
    await clock.advance(1);
    await requests(2);
  });

  it('reports a refusal and does not try again', async () => {
    const body = { kind: 'Status', code: 403, reason: 'Forbidden', message: 'events is forbidden' };
    server.fail(any, { kind: 'answer', status: 403, body });
    recorder.record(aNote());
    await eventually(() => errors.length === 1);
    await clock.advance(600_000);
    assert.equal(server.requests.length, 1);
    assert.deepEqual(errors, ['creating events default: events is forbidden']);
  });

  it('drops the oldest when too many wait, and says so', async () => {
    server.fail(any, { kind: 'hang' });
    for (const zone of ['a', 'b', 'c', 'd', 'e']) recorder.record(aNote({ note: zone }));
    assert.deepEqual(errors, ['event ZoneGrown was dropped: too many wait to be written']);
    await eventually(() => server.requests.length === 1);
    const closed = recorder.close(1_000);
    await clock.advance(1_000);
    await closed;
    assert.equal(server.requests.length, 1);
  });

  it('cuts a long note at 1 KiB, between two characters', async () => {
    recorder.record(aNote({ note: 'ü'.repeat(600) }));
    await requests(1);
    const { note = '' } = sent()[0] ?? {};
    assert.equal(note, `${'ü'.repeat(510)}…`);
  });

  it('writes what is due before it ends, and nothing after', async () => {
    recorder.record(aNote());
    recorder.record(aNote({ note: 'another' }));
    await recorder.close(1_000);
    recorder.record(aNote({ note: 'too late' }));
    assert.deepEqual(
      sent().map(({ note }) => note),
      ['zone a from 2 to 3', 'another'],
    );
  });
});

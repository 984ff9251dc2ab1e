import assert from 'node:assert/strict';
import { CLIENTS, scheduleOf, strikeAt } from '../../../tools/bench/traffic/schedule.ts';

describe('the schedule of requests', () => {
  const schedule = scheduleOf({ rate: 300, seconds: 15 });

  it('is even in time', () => {
    assert.equal(schedule.length, 4_500);
    assert.deepEqual([schedule[0]?.atMs, schedule[300]?.atMs, schedule[4_499]?.atMs], [0, 1_000, (4_499 * 1000) / 300]);
  });

  it('has a fifth POSTs, and a third on connections of their own', () => {
    const posts = schedule.filter(({ method }) => method === 'POST');
    const own = schedule.filter(({ client }) => client === undefined);
    assert.deepEqual([posts.length, own.length], [900, 1_500]);
    assert.equal(own.filter(({ method }) => method === 'POST').length, 300);
  });

  it('has each client that keeps its connection send both methods', () => {
    const ofClients = schedule.flatMap(({ client, method }) => (client === undefined ? [] : [`${client} ${method}`]));
    assert.equal(new Set(ofClients).size, 2 * CLIENTS);
  });

  it('lets the fault begin after a third', () => {
    assert.deepEqual([strikeAt(4_500), strikeAt(100)], [1_500, 33]);
  });
});

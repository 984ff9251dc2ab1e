import assert from 'node:assert/strict';
import { HubLocality } from '../../operator/hub/slices/locality.ts';
import { FakeClock } from '../builders/fakeClock.ts';

const address = '10.0.0.1';
const node = 'node-a1';

describe('whether the clients of a hub’s node are led to it', () => {
  let clock: FakeClock;
  let stop: AbortController;
  let answers: (string | undefined)[];
  let found: number;
  let locality: HubLocality;

  beforeEach(() => {
    [clock, stop, answers, found] = [new FakeClock(), new AbortController(), [], 0];
    locality = new HubLocality({
      ask: async () => {
        const answer = answers.length > 1 ? answers.shift() : answers[0];
        if (answer === undefined) throw new Error('no answer');
        return answer;
      },
      clock,
      signal: stop.signal,
      onLocal: () => void (found += 1),
    });
  });
  afterEach(() => stop.abort());

  it('is known when it answers for its own node five times in a row', async () => {
    answers = [node];
    assert.equal(locality.isLocal(address, node), false);
    await clock.advance(0);
    assert.equal(locality.isLocal(address, node), true);
    assert.equal(found, 1);
    assert.equal(locality.isMissed(), false);
  });

  it('is asked for twice as often in a row after each wrong answer, so that chance does not pass', async () => {
    answers = [node, node, node, node, 'node-b1', ...Array.from({ length: 9 }, () => node), 'node-b1', node];
    locality.isLocal(address, node);
    await clock.advance(500);
    assert.equal(locality.isLocal(address, node), false);
    await clock.advance(500);
    assert.equal(locality.isLocal(address, node), true);
  });

  it('is not so after 10 s where most answer for others, and is asked seldom then', async () => {
    answers = ['node-b1'];
    locality.isLocal(address, node);
    await clock.advance(9_999);
    assert.equal(locality.isMissed(), false);
    await clock.advance(1);
    assert.equal(locality.isMissed(), true);
    answers = [node];
    await clock.advance(10_500);
    assert.equal(locality.isMissed(), false);
    assert.equal(locality.isLocal(address, node), true);
  });

  it('is not known where nothing answers: that is another fault', async () => {
    answers = [undefined];
    locality.isLocal(address, node);
    await clock.advance(60_000);
    assert.equal(locality.isMissed(), false);
    assert.equal(locality.isLocal(address, node), false);
  });

  it('is found out again for another hub at the address, and forgotten with it', async () => {
    answers = [node];
    locality.isLocal(address, node);
    await clock.advance(0);
    answers = ['node-c1'];
    assert.equal(locality.isLocal(address, 'node-b1'), false);
    await clock.advance(10_500);
    assert.equal(locality.isMissed(), true);
    locality.keepAddresses(new Set());
    assert.equal(locality.isMissed(), false);
  });
});

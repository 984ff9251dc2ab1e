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
    assert.deepEqual(locality.notLocal(), []);
  });

  it('is not believed after four, and is asked again where kube-proxy is late', async () => {
    answers = [node, node, node, node, 'node-b1', node];
    locality.isLocal(address, node);
    await clock.advance(0);
    assert.equal(locality.isLocal(address, node), false);
    await clock.advance(500);
    assert.equal(locality.isLocal(address, node), true);
  });

  it('is told not to be so after 10 s of other answers, or of none, and is asked seldom then', async () => {
    answers = ['node-b1'];
    locality.isLocal(address, node);
    await clock.advance(9_999);
    assert.deepEqual(locality.notLocal(), []);
    answers = [undefined];
    await clock.advance(1_001);
    assert.deepEqual(locality.notLocal(), [node]);
    answers = [node];
    await clock.advance(10_000);
    assert.deepEqual(locality.notLocal(), []);
    assert.equal(locality.isLocal(address, node), true);
  });

  it('is found out again for another hub at the address, and forgotten with it', async () => {
    answers = [node];
    locality.isLocal(address, node);
    await clock.advance(0);
    answers = ['node-c1'];
    assert.equal(locality.isLocal(address, 'node-b1'), false);
    await clock.advance(10_500);
    assert.deepEqual(locality.notLocal(), ['node-b1']);
    locality.keepAddresses(new Set());
    assert.deepEqual(locality.notLocal(), []);
  });
});

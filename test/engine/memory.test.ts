import assert from 'node:assert/strict';
import { FirstSeen } from '../../operator/engine/memory.ts';

describe('the memory of when facts were first seen', () => {
  it('gives a fact the age 0 at first, and then the time since', () => {
    const memory = new FirstSeen();
    assert.deepEqual([...memory.observe('u-1', ['lost'], 1_000)], [['lost', 0]]);
    assert.deepEqual(
      [...memory.observe('u-1', ['lost', 'cordoned'], 4_000)],
      [
        ['lost', 3_000],
        ['cordoned', 0],
      ],
    );
    assert.equal(memory.ageMs('u-1', 'lost', 5_000), 4_000);
  });

  it('begins again when a fact ended in between', () => {
    const memory = new FirstSeen();
    memory.observe('u-1', ['lost'], 1_000);
    memory.observe('u-1', [], 2_000);
    assert.equal(memory.ageMs('u-1', 'lost', 2_000), undefined);
    assert.deepEqual([...memory.observe('u-1', ['lost'], 3_000)], [['lost', 0]]);
  });

  it('keeps subjects apart', () => {
    const memory = new FirstSeen();
    memory.observe('u-1', ['lost'], 1_000);
    assert.deepEqual([...memory.observe('u-2', ['lost'], 2_000)], [['lost', 0]]);
    memory.forget('u-1');
    assert.equal(memory.ageMs('u-1', 'lost', 2_000), undefined);
  });

  it('has room for all pods, nodes and stations of the largest cluster that Kubernetes supports', () => {
    const memory = new FirstSeen();
    const many = 150_000 + 5_000 + 3 * 50_000;
    for (let each = 0; each < many; each++) memory.observe(`u-${each}`, ['ready'], 1_000);
    assert.equal(memory.ageMs('u-0', 'ready', 4_000), 3_000);
  });

  it('holds no more subjects than its limit, and none without facts', () => {
    const memory = new FirstSeen(2);
    for (const subject of ['u-1', 'u-2', 'u-1', 'u-3']) memory.observe(subject, ['lost'], 1_000);
    memory.observe('u-4', [], 1_000);
    assert.equal(memory.size, 2);
    assert.deepEqual(
      ['u-1', 'u-2', 'u-3'].map((subject) => memory.ageMs(subject, 'lost', 1_000)),
      [0, undefined, 0],
    );
  });
});

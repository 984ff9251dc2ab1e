import assert from 'node:assert/strict';
import type { StrangerView } from '../../../../operator/model/pod.ts';
import { foreignPods } from '../../../../operator/plan/station/rules/foreignPods.ts';
import { pictureOf } from '../../../../operator/plan/station/picture.ts';
import { aSnapshot, aStrangerView } from '../../../builders/snapshot.ts';

describe('foreign pods', () => {
  const told = (...strangers: readonly StrangerView[]): readonly string[] =>
    foreignPods(pictureOf(aSnapshot({ strangers }))).map(({ kind, reason, message }) => `${kind} ${reason} ${message}`);

  it('are named with what they do and the cure, once they last', () => {
    assert.deepEqual(told(aStrangerView({ lasting: false }), aStrangerView({ deletingMs: 1 })), []);
    const [words = '', ...more] = told(aStrangerView());
    assert.deepEqual(more, []);
    assert.match(words, /^ForeignPods NotOurs Pod canary: .*its Service.*its budget.*kubectl label pod NAME/);
  });

  it('are named by who makes them, once for all pods of it', () => {
    const copies = ['web-1', 'web-2'].map((name) => aStrangerView({ name, controller: 'ReplicaSet web' }));
    assert.match(told(...copies)[0] ?? '', /^ForeignPods NotOurs what ReplicaSet web makes: /);
  });

  it('are told from those that ended', () => {
    const ended = aStrangerView({ ended: true, controller: 'ReplicaSet pizzeria-grill-zone-a-rs1' });
    assert.match(told(ended)[0] ?? '', /Pod canary \(it has ended, and still says Ready\): /);
  });

  it('are named five at most', () => {
    const many = [1, 2, 3, 4, 5, 6, 7].map((each) => aStrangerView({ name: `p${each}` }));
    assert.match(told(...many)[0] ?? '', /Pod p5, 2 more: /);
  });
});

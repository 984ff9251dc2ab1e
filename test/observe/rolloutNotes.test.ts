import assert from 'node:assert/strict';
import { annotations } from '../../operator/api/labels.ts';
import type { DeploymentView } from '../../operator/model/child.ts';
import { aDeployment, aNode } from '../builders/objects.ts';
import { Watching } from '../builders/watching.ts';

function seen(noted: Readonly<Record<string, string>>, conditions: readonly object[] = []): DeploymentView {
  const zones = { [annotations.zone]: 'zone-a', [annotations.zones]: '["zone-a"]' };
  const deployment = aDeployment({ metadata: { annotations: { ...zones, ...noted } }, status: { conditions } });
  const view = new Watching([aNode(), deployment]).zone('zone-a', 0).deployment;
  assert.ok(view.state === 'ours');
  return view;
}

const good = { revision: '4', hash: 'abc', defaults: '1', replicaSet: '5d4f8c', isProven: true };

describe('what is noted of rollouts', () => {
  it('is read as it was written', () => {
    const view = seen({
      'deployment.kubernetes.io/revision': '5',
      [annotations.goodTemplate]: JSON.stringify(good),
      [annotations.badTemplate]: 'def',
      [annotations.failure]: 'PodsStuck: words',
      [annotations.evened]: '3,2,2,0',
    });
    assert.deepEqual(
      [view.revision, view.good, view.badTemplate, view.failure, view.evened],
      ['5', good, 'def', 'PodsStuck: words', '3,2,2,0'],
    );
  });

  it('is nothing without annotations', () => {
    const { revision, good: noted, badTemplate, failure, evened } = seen({});
    assert.deepEqual([revision, noted, badTemplate, failure, evened], Array.from({ length: 5 }));
  });

  const broken: readonly (readonly [string, string])[] = [
    ['no JSON', '{"revision":"4"'],
    ['no object', '"4"'],
    ['null', 'null'],
    ['a list', '["4"]'],
    ['a field missing', JSON.stringify({ revision: '4', hash: 'abc', defaults: '1' })],
    ['a field of another type', JSON.stringify({ ...good, revision: 4 })],
    ['no revision', JSON.stringify({ ...good, revision: '' })],
    ['nothing', ''],
  ];
  for (const [what, json] of broken) {
    it(`is as if it were not there with ${what}`, () =>
      assert.equal(seen({ [annotations.goodTemplate]: json }).good, undefined));
  }

  it('holds no empty text', () => {
    const view = seen({ [annotations.badTemplate]: '', [annotations.evened]: '' });
    assert.deepEqual([view.badTemplate, view.evened], [undefined, undefined]);
  });
});

describe('a rollout has made no progress', () => {
  const condition = { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' };
  const rows: readonly (readonly [string, readonly object[], boolean])[] = [
    ['when its Deployment says so', [condition], true],
    ['not while it goes on', [{ ...condition, status: 'True', reason: 'ReplicaSetUpdated' }], false],
    ['not when another reason is given', [{ ...condition, reason: 'DeploymentPaused' }], false],
    ['not by another condition', [{ ...condition, type: 'Available' }], false],
    ['not without conditions', [], false],
  ];
  for (const [what, conditions, failed] of rows) {
    it(what, () => assert.equal(seen({}, conditions).progressFailed, failed));
  }
});

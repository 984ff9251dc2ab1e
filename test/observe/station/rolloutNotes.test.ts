import assert from 'node:assert/strict';
import { annotations } from '../../../operator/api/labels.ts';
import type { DeploymentView } from '../../../operator/model/child.ts';
import { aDeployment } from '../../builders/childObjects.ts';
import { aNode } from '../../builders/nodeObjects.ts';
import { Watching } from '../../builders/watching.ts';

function seen(noted: Readonly<Record<string, string>>, conditions: readonly object[] = []): DeploymentView {
  const zones = { [annotations.zone]: 'zone-a', [annotations.zones]: '["zone-a"]' };
  const deployment = aDeployment({ metadata: { annotations: { ...zones, ...noted } }, status: { conditions } });
  const view = new Watching([aNode(), deployment]).zone('zone-a', 0).deployment;
  assert.ok(view.state === 'ours');
  return view;
}

const failure = { reason: 'DeadlineExceeded', words: '1 pod not Ready: for 600 s' } as const;
const good = { revision: '4', hash: 'abc', defaults: '1', replicaSet: '5d4f8c', isProven: true };

describe('what is noted of rollouts', () => {
  it('is read as it was written', () => {
    const view = seen({
      'deployment.kubernetes.io/revision': '5',
      [annotations.goodTemplate]: JSON.stringify(good),
      [annotations.badTemplate]: 'def',
      [annotations.failure]: JSON.stringify(failure),
      [annotations.evened]: '3,2,2,0',
    });
    assert.deepEqual(
      [view.revision, view.good, view.badTemplate, view.failure, view.evened],
      ['5', good, 'def', failure, '3,2,2,0'],
    );
  });

  it('is nothing without annotations', () => {
    const { revision, good: noted, badTemplate, failure: why, evened } = seen({});
    assert.deepEqual([revision, noted, badTemplate, why, evened], Array.from({ length: 5 }));
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

  it('tells why a rollout failed also where an operator up to 0.1.0 noted it', () => {
    const noted = `${failure.reason}: ${failure.words}`;
    assert.deepEqual(seen({ [annotations.failure]: noted }).failure, failure);
  });

  const brokenWhys: readonly (readonly [string, string])[] = [
    ['words of a person', 'somebody did it'],
    ['an unknown reason in the old way', 'Because: of this'],
    ['an unknown reason', JSON.stringify({ ...failure, reason: 'Because' })],
    ['a name that every object has', JSON.stringify({ ...failure, reason: 'toString' })],
    ['no words', JSON.stringify({ reason: failure.reason })],
    ['no JSON', '{"reason":"NotStarting"'],
  ];
  for (const [what, note] of brokenWhys) {
    it(`tells not why a rollout failed with ${what}`, () =>
      assert.equal(seen({ [annotations.failure]: note }).failure, undefined));
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

import assert from 'node:assert/strict';
import type { Snapshot } from '../../../../operator/model/snapshot.ts';
import { deploymentIntent } from '../../../../operator/plan/children/deployment.ts';
import { boundGrowth, mostTold } from '../../../../operator/plan/station/rules/growthBound.ts';
import type { Bounded } from '../../../../operator/plan/station/rules/growthBound.ts';
import { growSteps } from '../../../../operator/plan/station/rules/grow.ts';
import { pictureOf } from '../../../../operator/plan/station/picture.ts';
import type { DeploymentStep } from '../../../../operator/model/plan.ts';
import { addPod, after, cordon, deployment, loseNode, loseZone, spec, zone } from '../../../builders/changes.ts';
import type { Change } from '../../../builders/changes.ts';
import { inShort } from '../../../builders/play.ts';
import { served } from '../../../builders/served.ts';
import { aPodNode } from '../../../builders/snapshot.ts';

const whole = served({ demand: 6, zones: { 'zone-a': { nodes: 3, pods: 3 }, 'zone-b': { nodes: 3, pods: 3 } } });
const most = (...changes: readonly Change[]): number => mostTold(pictureOf(after(whole, ...changes)));

/** A step that a broken rule asks for. */
function asks(snapshot: Snapshot, kind: DeploymentStep['kind'], [zoneName, to]: readonly [string, number]): Bounded {
  const picture = pictureOf(snapshot);
  const of = picture.zones.find(({ name }) => name === zoneName);
  assert.ok(of !== undefined);
  const intent = {
    ...deploymentIntent(snapshot, of.view, { replicas: to, template: 'asItRuns' }),
    resourceVersion: '7',
  };
  return boundGrowth(picture, [{ kind, zone: of.name, intent, from: of.replicas, to, why: 'it is broken' }]);
}

const later = (name: string, over: object = {}): Change =>
  addPod('zone-a', { name, node: aPodNode({ name: 'zone-a-1', state: 'leaving', leavesWithIt: false, ...over }) });

describe('the most pods that may be told', () => {
  const rows: readonly (readonly [string, readonly Change[], number])[] = [
    ['are the shares', [], 6],
    ['and a pod for each that was on a lost node', [loseNode('zone-a-1')], 7],
    ['or on a leaving one', [cordon('zone-a-1'), cordon('zone-b-1')], 8],
    ['but none for what came there later', [cordon('zone-a-1'), later('new-1'), later('new-2')], 7],
    [
      'one more for each that came to a silent node later, as many as were there',
      [loseNode('zone-a-1'), ...['new-1', 'new-2'].map((name) => later(name, { state: 'lost', lostWithIt: false }))],
      8,
    ],
    ['no fewer than are told now', [deployment('zone-a', { replicas: 5 })], 8],
    ['what a zone has that is lost', [loseZone('zone-b'), deployment('zone-b', { replicas: 4 })], 10],
    ['what a zone has that is no longer declared', [zone('zone-b', (each) => ({ ...each, declared: false }))], 9],
    [
      'and what a failing zone has once more, which others make for it',
      [zone('zone-b', (each) => ({ ...each, state: 'failing' }))],
      9,
    ],
    [
      'and what a zone has that may be dying, which others make for it',
      [zone('zone-b', (each) => ({ ...each, doubt: 'overdue' }))],
      9,
    ],
    ['the share of a full zone as if it were not', [zone('zone-b', (each) => ({ ...each, full: 'full' }))], 6],
  ];
  for (const [what, changes, figure] of rows) it(what, () => assert.equal(most(...changes), figure));
});

describe('growth', () => {
  it('is left alone while losses and shares explain it', () => {
    for (const change of [spec({ replicas: 9 }), loseNode('zone-a-1'), cordon('zone-a-1')]) {
      const changed = after(whole, change);
      const steps = growSteps(pictureOf(changed));
      assert.ok(steps.length > 0);
      assert.deepEqual(boundGrowth(pictureOf(changed), steps), { steps, problems: [] });
    }
  });

  it('is cut down to what is explained, and says which rule asked for how much', () => {
    const { steps, problems } = asks(after(whole, loseNode('zone-a-1')), 'grow', ['zone-a', 62]);
    const [step] = steps;
    assert.deepEqual(steps.map(inShort), ['grow zone-a 3→4']);
    const intent = step !== undefined && 'intent' in step ? step.intent : undefined;
    assert.equal((intent?.body['spec'] as { replicas: number } | undefined)?.replicas, 4);
    assert.equal(intent?.resourceVersion, '7', 'tied to the version it was decided on');
    assert.deepEqual(problems, [
      {
        kind: 'GrowthBounded',
        reason: 'MoreThanExplained',
        message:
          'Grow asked for 62 pods in zone-a (it is broken) and is held to 4: shares, losses and leaving nodes explain no more; please report this as a fault of the operator',
      },
    ]);
  });

  it('is dropped where nothing of it is explained', () => {
    const { steps, problems } = asks(whole, 'grow', ['zone-a', 4]);
    assert.deepEqual([steps, problems.length], [[], 1]);
  });

  it('counts every step of a pass', () => {
    const picture = pictureOf(after(whole, cordon('zone-a-1')));
    const steps = ['zone-a', 'zone-b'].flatMap(
      (name) => asks(after(whole, cordon('zone-a-1')), 'grow', [name, 4]).steps,
    );
    assert.deepEqual(steps.map(inShort), ['grow zone-a 3→4', 'grow zone-b 3→4']);
    assert.deepEqual(boundGrowth(picture, steps).steps.map(inShort), ['grow zone-a 3→4']);
  });

  it('makes a Deployment all the same, with fewer pods', () => {
    const bare = after(
      whole,
      zone('zone-b', (each) => ({ ...each, deployment: { state: 'absent' }, pods: [] })),
    );
    assert.deepEqual(asks(bare, 'create', ['zone-b', 9]).steps.map(inShort), ['create zone-b 0→3']);
    const full = after(bare, deployment('zone-a', { replicas: 6 }));
    assert.deepEqual(asks(full, 'create', ['zone-b', 9]).steps.map(inShort), ['create zone-b 0→3']);
  });

  it('may be one pod to even a zone out, not a second', () => {
    assert.deepEqual(asks(whole, 'evenOut', ['zone-a', 4]).problems, []);
    const one = after(whole, deployment('zone-a', { replicas: 4 }), addPod('zone-a', { name: 'more' }));
    assert.deepEqual(asks(one, 'evenOut', ['zone-a', 5]).problems, [], 'beside one that cannot go');
    const two = after(one, deployment('zone-a', { replicas: 5 }), addPod('zone-a', { name: 'more-2' }));
    assert.equal(asks(two, 'evenOut', ['zone-a', 6]).problems.length, 1);
  });

  it('holds steps that grow nothing, whatever they are', () => {
    const pass = asks(whole, 'rollOut', ['zone-a', 3]);
    assert.deepEqual([pass.steps.map(inShort), pass.problems], [['rollOut zone-a 3'], []]);
    assert.deepEqual(asks(whole, 'mend', ['zone-b', 3]).problems, []);
  });
});

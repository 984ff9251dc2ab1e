import assert from 'node:assert/strict';
import type { FieldsV1, KubeObject } from '../../../../operator/api/kubernetes/object.ts';
import type { Contest } from '../../../../operator/model/contest.ts';
import type { Snapshot } from '../../../../operator/model/snapshot.ts';
import type { ChildView, DeploymentView } from '../../../../operator/model/child.ts';
import { deploymentIntent } from '../../../../operator/plan/children/deployment.ts';
import { contestedChildren, scaledChildrenProblems } from '../../../../operator/plan/station/rules/contested.ts';
import { budgetIntent } from '../../../../operator/plan/children/budget.ts';
import { isHeld } from '../../../../operator/plan/children/intent.ts';
import { ours, pictureOf } from '../../../../operator/plan/station/picture.ts';
import { planStation } from '../../../../operator/plan/station/planStation.ts';
import type { Problem } from '../../../../operator/model/plan.ts';
import { allOwned, heldAs, served } from '../../../builders/served.ts';
import { aBudgetView, aChildView, aSnapshot } from '../../../builders/snapshot.ts';

const three = { nodes: 3, pods: 3 };
const whole = served({
  demand: 6,
  survive: { zones: 1 },
  zones: { 'zone-a': three, 'zone-b': three, 'zone-c': three },
});
const contest: Contest = {
  object: 'pizzeria-grill-zone-a',
  path: 'spec.replicas',
  by: 'kube-controller-manager (subresource scale)',
  asked: '3',
  found: '2',
  times: 7,
};
const said = (over: Partial<Snapshot>): readonly Problem[] => contestedChildren(pictureOf({ ...whole, ...over }));

describe('a child that does not stay as it is written', () => {
  it('is told with who changes it and how often, what it costs, and the cure', () => {
    assert.deepEqual(said({ contests: [contest] }), [
      {
        kind: 'Contested',
        reason: 'OtherManager',
        message:
          'spec.replicas of pizzeria-grill-zone-a was set to 2 by kube-controller-manager (subresource scale) 7 times in a row; the operator sets it back to 3, later each time; each time Ready pods may go, no budget prevents it: scale Station pizzeria-grill (apiVersion kitchen.dev/v1alpha1) instead',
      },
    ]);
  });

  it('is a person’s mistake the first time, and costs no pod when it is scaled up', () => {
    assert.deepEqual(said({ contests: [{ ...contest, times: 1 }] }), []);
    assert.doesNotMatch(said({ contests: [{ ...contest, found: '9' }] })[0]?.message ?? '', /Ready pods/);
  });

  it('is told with what admission keeps it at', () => {
    const [problem] = said({ contests: [{ ...contest, by: 'admission', asked: '5', found: '3' }] });
    assert.equal(problem?.reason, 'Admission');
    assert.match(
      problem.message,
      /^admission keeps spec\.replicas of pizzeria-grill-zone-a at 3 \(asked: 5\): change the webhook or policy/,
    );
  });

  it('is told once for all zones that one rule changes alike', () => {
    const contests = ['c', 'a', 'b'].map((object) => ({ ...contest, by: 'admission', object }));
    const problems = said({ contests: [...contests, { ...contest, by: 'admission', found: '1' }] });
    assert.equal(problems.length, 2);
    assert.match(problems[0]?.message ?? '', /spec\.replicas of a, b, c at 2/);
  });

  it('is told of a template that admission changed, and is not written again', () => {
    const changed = withImage('mirror.example/grill:1', { owned: allOwned });
    const [problem, ...more] = contestedChildren(pictureOf(changed));
    assert.match(
      problem?.message ?? '',
      /containers\[grill\]\.image of pizzeria-grill-zone-a at "mirror.example\/grill:1" \(asked/,
    );
    assert.deepEqual(more, []);
    assert.deepEqual(planStation(changed).steps, []);
  });

  it('says nothing of a template that is as it was written, or that another manager changed: that is taken back', () => {
    assert.deepEqual(contestedChildren(pictureOf(withImage(undefined, { owned: allOwned }))), []);
    const owned = { ...allOwned, 'f:spec': { 'f:replicas': {} } };
    assert.deepEqual(contestedChildren(pictureOf(withImage('mirror.example/grill:1', { owned }))), []);
  });
});

describe('an autoscaler of a Deployment of ours', () => {
  it('is named, with what it is to scale instead', () => {
    const scaled = [{ autoscaler: 'grill-a', deployment: 'pizzeria-grill-zone-a' }];
    assert.deepEqual(scaledChildrenProblems(pictureOf({ ...whole, scaledChildren: scaled })), [
      {
        kind: 'DemandContested',
        reason: 'AutoscalerOnDeployment',
        message:
          'HorizontalPodAutoscaler grill-a scales Deployment pizzeria-grill-zone-a, whose replicas the operator sets: point its scaleTargetRef at Station pizzeria-grill (apiVersion kitchen.dev/v1alpha1)',
      },
    ]);
  });
});

describe('an intent whose object is known', () => {
  const owned: FieldsV1 = { ...allOwned, 'f:spec': { 'f:selector': {}, 'f:unhealthyPodEvictionPolicy': {} } };
  const others = [{ manager: 'kubectl', fieldsV1: { 'f:spec': { 'f:minAvailable': {} } } }];

  /** A budget of ours whose figure is another one now. */
  function budget(over: Partial<ChildView>): ReturnType<typeof budgetIntent> {
    const asked = budgetIntent(aSnapshot(), 6);
    const live = {
      ...asked.body,
      spec: { ...(asked.body['spec'] as object), minAvailable: 4 },
    } as unknown as KubeObject;
    const child = { state: 'ours', ...aChildView('pizzeria-grill', { ...heldAs(asked), live, ...over }) } as const;
    const view = { generation: 1, observedGeneration: 1, minAvailable: 4, currentHealthy: 6 };
    return budgetIntent(aSnapshot({ budget: { ...child, ...view } }), 6);
  }

  it('says which object it means, so that an apply makes none that is gone', () => {
    assert.equal((budget({}).body['metadata'] as { uid?: string }).uid, 'uid-pizzeria-grill');
    assert.equal('uid' in (budgetIntent(aSnapshot(), 6).body['metadata'] as object), false);
  });

  it('says what it takes back, and from whom', () => {
    const [taken, ...more] = budget({ owned, others }).takesBack ?? [];
    assert.deepEqual(taken, { path: 'spec.minAvailable', asked: 6, found: 4, by: 'kubectl' });
    assert.deepEqual(more, []);
    assert.equal(budget({}).takesBack, undefined);
  });

  it('is not held while admission keeps another value, though we own it', () => {
    const asked = budget({});
    const live = asked.body as unknown as KubeObject;
    const held = aBudgetView({ name: 'pizzeria-grill', ...heldAs(asked), minAvailable: 6 });
    assert.equal(isHeld({ ...held, live }, asked), true);
    const other = {
      ...asked.body,
      spec: { ...(asked.body['spec'] as object), minAvailable: 4 },
    } as unknown as KubeObject;
    assert.equal(isHeld({ ...held, live: other }, asked), false);
  });
});

/** The first zone's template as it was asked for, but for its image. */
function withImage(image: string | undefined, over: Partial<DeploymentView>): Snapshot {
  const [zone, ...zones] = whole.zones;
  const deployment = zone && ours(zone.deployment);
  assert.ok(zone !== undefined && deployment !== undefined);
  const { body } = deploymentIntent(whole, zone, { replicas: deployment.replicas, template: 'asItRuns' });
  const live = JSON.parse(JSON.stringify(body)) as {
    spec: { template: { spec: { containers: { image: string }[] } } };
  };
  const [container] = live.spec.template.spec.containers;
  assert.ok(container !== undefined);
  if (image !== undefined) container.image = image;
  return {
    ...whole,
    zones: [{ ...zone, deployment: { ...deployment, live: live as unknown as KubeObject, ...over } }, ...zones],
  };
}

import assert from 'node:assert/strict';
import type { RolloutFailure } from '../../../../operator/model/child.ts';
import type { Snapshot } from '../../../../operator/model/snapshot.ts';
import { NEWEST_DEFAULTS } from '../../../../operator/plan/children/defaults.ts';
import { isStep } from '../../../../operator/plan/station/attempt.ts';
import { pictureOf } from '../../../../operator/plan/station/picture.ts';
import type { Step } from '../../../../operator/model/plan.ts';
import { planStation } from '../../../../operator/plan/station/planStation.ts';
import { tryRollBack } from '../../../../operator/plan/station/rules/rollBack.ts';
import { addPod, after, deployment, loseZone, named, pods, remove, spec, zone } from '../../../builders/changes.ts';
import { badHash, failing, good, midRollout, settledWithRollout, stuck, whole } from '../../../builders/badTemplate.ts';
import { annotationOf } from '../../../builders/served.ts';
import { applied, inShort, play, stepsOf } from '../../../builders/play.ts';
import { aBudgetView } from '../../../builders/snapshot.ts';

type RollBack = Extract<Step, { kind: 'rollBack' }>;

function step(snapshot: Snapshot): RollBack {
  const next = tryRollBack(pictureOf(snapshot)).attempt?.next(6);
  assert.ok(next !== undefined && isStep(next) && next.kind === 'rollBack');
  return next;
}

function zones(snapshot: Snapshot): readonly string[] {
  return planStation(snapshot).steps.flatMap((each) => (each.kind === 'rollBack' ? [each.zone] : []));
}

function problems(snapshot: Snapshot): readonly string[] {
  const { problems: all } = planStation(snapshot);
  return all.filter(({ kind }) => kind === 'RolloutFailed').map(({ message }) => message);
}

/** zone-a went back, and the pod that failed is gone. */
const back = after(
  failing,
  (snapshot) => applied(snapshot, step(snapshot)),
  remove('new'),
  deployment('zone-a', { observedGeneration: 2, madeReplicas: 3, updatedReplicas: 3 }),
);
const noteOfFailure = JSON.stringify({
  reason: 'NotStarting',
  words: '1 pod does not start: ImagePullBackOff: Back-off pulling image "grill:bad"',
});
const newer = spec({ template: { spec: { containers: [{ name: 'grill', image: 'grill:3' }] } } });

describe('rolling back', () => {
  it('gives a zone whose rollout failed what was good there, and notes what was bad and why', () => {
    const { good: to, failing: newest, why, from, intent } = step(failing);
    assert.deepEqual([to, newest, from], [good, 'rs2', 3]);
    assert.equal(
      why,
      '1 pod does not start: ImagePullBackOff: Back-off pulling image "grill:bad"; what ran before (revision 1) comes back',
    );
    assert.equal(intent.resourceVersion, '1');
    assert.equal(annotationOf(intent, 'kitchen.dev/template'), good.hash);
    assert.equal(annotationOf(intent, 'kitchen.dev/defaults'), NEWEST_DEFAULTS);
    assert.equal(annotationOf(intent, 'kitchen.dev/bad-template'), badHash);
    assert.equal(annotationOf(intent, 'kitchen.dev/failure'), noteOfFailure);
    assert.equal(annotationOf(intent, 'kitchen.dev/good-template'), undefined);
  });

  it('goes before all else', () => assert.deepEqual(stepsOf(failing).slice(-1), ['rollBack zone-a 3']));

  it('has nothing to do where nothing failed', () => {
    assert.deepEqual(tryRollBack(pictureOf(whole)), { attempt: undefined, waits: [] });
    assert.deepEqual(zones(midRollout), []);
  });

  it('is left to the rollout when there is a newer template already', () => {
    assert.deepEqual(zones(after(failing, newer)), []);
    assert.equal(stepsOf(after(failing, newer)).at(-1), 'rollOut zone-a 3');
  });

  it('does nothing, and says so, where there is nothing to go back to', () => {
    const first = after(failing, deployment('zone-a', { good: undefined }));
    assert.deepEqual(zones(first), []);
    assert.deepEqual(problems(first), [
      'zone-a: 1 pod does not start: ImagePullBackOff: Back-off pulling image "grill:bad"; there is no earlier template to go back to: correct the template',
    ]);
  });

  it('waits, and lets the other rules go on, while it is refused', () => {
    const rollBackRefused = { message: 'the ReplicaSet of revision 1 is gone', lookAgainMs: 300_000 };
    const refused = { ...failing, rollBackRefused };
    assert.deepEqual(tryRollBack(pictureOf(refused)), {
      attempt: undefined,
      waits: [{ what: 'roll back zone-a', why: rollBackRefused.message, lookAgainMs: 300_000 }],
    });
    assert.match(problems(refused)[0] ?? '', /the ReplicaSet of revision 1 is gone: correct the template$/);
  });

  it('takes along zones that have no pod of the bad template', () => {
    const emptyB = after(
      back,
      deployment('zone-b', { templateHash: badHash, good }),
      remove('zone-b-pod-1', 'zone-b-pod-2', 'zone-b-pod-3'),
    );
    assert.deepEqual(zones(emptyB), ['zone-b']);
    assert.equal(step(emptyB).failing, undefined);
    assert.match(step(emptyB).why, /^1 pod does not start/);
    const pending = { state: 'starting', ready: false, node: undefined, stuck: undefined } as const;
    const stuckB = after(
      back,
      deployment('zone-b', { templateHash: badHash, good, madeReplicas: 4, updatedReplicas: 1 }),
      addPod('zone-b', { name: 'b', replicaSet: 'rs2', ...pending, unschedulable: { message: 'x', ageMs: 20_000 } }),
    );
    assert.deepEqual(zones(stuckB), ['zone-b']);
    assert.deepEqual(zones(after(stuckB, loseZone('zone-b'))), []);
    const servedB = after(back, deployment('zone-b', { templateHash: badHash, good }), pods(named('zone-b-pod-1'), {}));
    assert.deepEqual(
      zones(
        after(
          servedB,
          pods(({ name }) => name.startsWith('zone-b'), { replicaSet: 'rs2' }),
        ),
      ),
      [],
    );
  });

  it('leaves a zone that is no longer declared alone', () => {
    const left = after(
      failing,
      zone('zone-a', (each) => ({ ...each, declared: false })),
    );
    assert.deepEqual(zones(left), []);
  });
});

describe('a template that failed', () => {
  it('is tried nowhere again, which is said with how it failed', () => {
    const { steps, waits, outdated } = planStation(back);
    assert.deepEqual(steps.map(inShort), ['budget 6']);
    assert.deepEqual(outdated, ['zone-a', 'zone-b', 'zone-c']);
    assert.equal(
      waits.find(({ what }) => what.startsWith('roll out'))?.why,
      'it failed in zone-a (1 pod does not start: ImagePullBackOff: Back-off pulling image "grill:bad"): it is tried again when the template changes',
    );
    assert.deepEqual(problems(back), [
      'zone-a: 1 pod does not start: ImagePullBackOff: Back-off pulling image "grill:bad"; it went back to what ran before: correct the template',
    ]);
  });

  it('is remembered while the zone grows, and what is good grows', () => {
    const { end } = play(after(back, spec({ replicas: 8 })));
    for (const each of end.zones) {
      assert.ok(each.deployment.state === 'ours');
      assert.deepEqual([each.deployment.replicas, each.deployment.templateHash], [4, good.hash]);
    }
    assert.equal(problems(end).length, 1);
  });

  it('is known by its reason after a restart', () => {
    const noted = (failure: RolloutFailure | undefined): string | undefined =>
      planStation(after(back, deployment('zone-a', { failure }))).problems.find(({ kind }) => kind === 'RolloutFailed')
        ?.reason;
    assert.equal(noted({ reason: 'DeadlineExceeded', words: '1 pod not Ready' }), 'DeadlineExceeded');
    assert.equal(noted({ reason: 'NotStarting', words: '1 pod does not start' }), 'NotStarting');
    assert.equal(noted(undefined), 'NotStarting');
  });

  it('is noted again in the new form if an older operator noted it, which replaces no pod', () => {
    const upgraded = after(back, deployment('zone-a', { intentHash: 'of a note with a colon' }));
    assert.deepEqual(stepsOf(upgraded), ['budget 6', 'mend zone-a 3']);
    const mend = planStation(upgraded).steps.find(({ kind }) => kind === 'mend');
    assert.ok(mend?.kind === 'mend');
    assert.equal(annotationOf(mend.intent, 'kitchen.dev/failure'), noteOfFailure);
    const { template } = mend.intent.body['spec'] as { readonly template: unknown };
    assert.deepEqual(template, pictureOf(back).zones[0]?.deployment?.template);
    assert.deepEqual(stepsOf(applied(upgraded, mend)), []);
  });

  it('is forgotten when the template changes, which then goes out to every zone', () => {
    const { passes, end } = play(after(back, newer));
    assert.deepEqual(
      passes.flat().filter((each) => each.startsWith('rollOut')),
      ['rollOut zone-a 3', 'rollOut zone-b 3', 'rollOut zone-c 3'],
    );
    assert.deepEqual(problems(end), []);
    assert.equal(end.zones[0]!.deployment.state === 'ours' && end.zones[0]!.deployment.badTemplate, undefined);
  });

  it('is tried again after a restart that was asked for', () => {
    const restarted = { ...back, restartedAt: '2026-01-02T03:04:05Z' };
    assert.equal(stepsOf(restarted).at(-1), 'rollOut zone-a 3');
    assert.deepEqual(problems(restarted), []);
  });

  it('is forgotten when the user goes back to what runs', () => {
    const { template } = whole.station.spec;
    const { passes, end } = play(after(back, spec({ template })));
    assert.deepEqual(passes, [['budget 6', 'mend zone-a 3']]);
    assert.deepEqual(problems(end), []);
  });

  it('is not given to a new zone, or one whose Deployment was deleted: that gets what runs elsewhere', () => {
    const bare = after(
      back,
      zone('zone-b', (each) => ({ ...each, deployment: { state: 'absent' }, pods: [] })),
    );
    const create = planStation(bare).steps.find(({ kind }) => kind === 'create');
    assert.ok(create !== undefined && 'intent' in create);
    assert.equal(annotationOf(create.intent, 'kitchen.dev/template'), good.hash);
    const { end } = play(bare);
    assert.deepEqual(
      end.zones.map(({ pods: all }) => all.length),
      [3, 3, 3],
    );
  });
});

describe('a new template while one is half out', () => {
  it('goes out at once to the zone in mid-rollout, which keeps what to go back to', () => {
    const plan = planStation(after(midRollout, newer));
    const out = plan.steps.find(({ kind }) => kind === 'rollOut');
    assert.ok(out !== undefined && 'intent' in out);
    assert.equal(out.kind === 'rollOut' && out.zone, 'zone-a');
    assert.equal(annotationOf(out.intent, 'kitchen.dev/good-template'), JSON.stringify(good));
  });

  it('does so whatever goes on in other zones, but not before the one half out was observed', () => {
    assert.equal(stepsOf(after(midRollout, newer, loseZone('zone-c'))).at(-1), 'rollOut zone-a 3');
    const unseen = after(midRollout, newer, deployment('zone-a', { generation: 2 }));
    assert.equal(stepsOf(unseen).includes('rollOut zone-a 3'), false);
  });

  it('also when the one half out had failed and is on its way back', () => {
    const returning = after(
      back,
      addPod('zone-a', { name: 'old', state: 'starting', replicaSet: 'rs2', stuck }),
      newer,
    );
    assert.equal(stepsOf(returning).at(-1), 'rollOut zone-a 3');
  });

  it('sets apart in the budget what the pods without room give back', () => {
    const pending = { node: undefined, unschedulable: { message: 'no node fits', ageMs: 20_000 } };
    const roomless = after(midRollout, pods(named('new'), pending));
    const released = settledWithRollout({ ...roomless, budget: aBudgetView({ minAvailable: 6, currentHealthy: 9 }) });
    assert.deepEqual(stepsOf(after(released, newer)), ['budget 7']);
  });
});

import assert from 'node:assert/strict';
import type { Snapshot } from '../../../../operator/model/snapshot.ts';
import { rolloutFailure } from '../../../../operator/plan/station/rules/failedRollout.ts';
import { pictureOf } from '../../../../operator/plan/station/picture.ts';
import { planStation } from '../../../../operator/plan/station/planStation.ts';
import { isRefused } from '../../../../operator/plan/station/rules/refused.ts';
import { tryRollOut } from '../../../../operator/plan/station/rules/rollOut.ts';
import { good, midRollout, whole } from '../../../builders/badTemplate.ts';
import { addPod, after, deployment, remove, zone } from '../../../builders/changes.ts';

const denied =
  'pods "grill-1" is forbidden: error looking up service account food/grill: serviceaccount "grill" not found';
const quota = (resource: string, figures: readonly [string, string, string]): string =>
  `pods "grill-1" is forbidden: exceeded quota: q, requested: ${resource}=${figures[0]}, used: ${resource}=${figures[1]}, limited: ${resource}=${figures[2]}`;

/** The API server takes no pod of the new template in zone-a for so long. */
function refusing(message: string, ageMs = 60_000, from: Snapshot = midRollout): Snapshot {
  return after(
    from,
    remove('new'),
    deployment('zone-a', { replicaFailure: message, madeReplicas: 3, updatedReplicas: 0 }),
    zone('zone-a', (each) => ({ ...each, full: message, notMadeMs: ageMs })),
  );
}

function failure(snapshot: Snapshot): string | undefined {
  const picture = pictureOf(snapshot);
  const found = rolloutFailure(picture, picture.zones[0]!);
  return found && `${found.reason}: ${found.words}`;
}

const asking = (beyond: Readonly<Record<string, number>>): Snapshot =>
  after(midRollout, deployment('zone-a', { good: { ...good, beyond } }));
const bigger = asking({ 'requests.cpu': 0.1 });

describe('pods that the API server refuses', () => {
  it('fail their template after half a minute, in its words, and it goes to no other zone meanwhile', () => {
    assert.equal(failure(refusing(denied)), `NotMade: its pods are refused: ${denied}`);
    assert.equal(failure(refusing(denied, 29_999)), undefined);
    assert.equal(tryRollOut(pictureOf(refusing(denied, 0))).attempt, undefined);
    const { steps, problems } = planStation(refusing(denied));
    assert.equal(steps.at(-1)?.kind, 'rollBack');
    const said = problems.filter(({ kind }) => kind === 'RolloutFailed' || kind === 'NoRoom');
    assert.deepEqual(
      said.map(({ reason }) => reason),
      ['NotMade'],
    );
  });

  const rows: readonly (readonly [string, string, Snapshot, boolean])[] = [
    [
      'a policy’s no',
      'pods "x" is forbidden: violates PodSecurity "baseline:latest": host namespaces',
      midRollout,
      true,
    ],
    ['a pod that is not valid', 'Pod "x" is invalid: spec.containers[0].image: Required value', midRollout, true],
    [
      'a webhook’s no, whatever it says',
      'admission webhook "w" denied the request: the scan timed out',
      midRollout,
      true,
    ],
    [
      'a webhook that does not answer',
      'Internal error occurred: failed calling webhook "w": connection refused',
      midRollout,
      false,
    ],
    [
      'an ending namespace',
      'pods "x" is forbidden: unable to create new content in namespace food because it is being terminated',
      midRollout,
      false,
    ],
    ['a quota that is full for everybody', quota('pods', ['1', '9', '9']), bigger, false],
    ['a quota that the new size exceeds and the old does not', quota('requests.cpu', ['2', '900m', '2']), bigger, true],
    ['a quota under its short name', quota('cpu', ['2', '900m', '2']), bigger, true],
    ['a quota that the old size would exceed too', quota('requests.cpu', ['2', '2', '2']), bigger, false],
    ['a quota that pods of the same size exceed', quota('requests.cpu', ['100m', '2', '2']), midRollout, false],
    ['a quota of something that is asked for as before', quota('requests.memory', ['1Gi', '0', '1Gi']), bigger, false],
  ];
  for (const [what, message, from, isFault] of rows) {
    it(`are the fault of their template for ${what}: ${isFault}`, () => {
      assert.equal(failure(refusing(message, 86_400_000, from)) !== undefined, isFault);
      const picture = pictureOf(refusing(message, 0, from));
      assert.equal(isRefused(picture, picture.zones[0]!), isFault);
    });
  }

  it('fail it by unknown words only after the progress deadline', () => {
    assert.equal(failure(refusing('no such luck', 599_999)), undefined);
    assert.notEqual(failure(refusing('no such luck', 600_000)), undefined);
    assert.notEqual(
      failure(after(refusing('no such luck', 0), deployment('zone-a', { progressFailed: true }))),
      undefined,
    );
  });

  it('do not where it is the ReplicaSet of the template before that makes none', () => {
    const old = denied.replace('grill-1', `pizzeria-grill-zone-a-${good.replicaSet}`);
    assert.equal(failure(refusing(old)), undefined);
  });

  it('do not while a zone that runs the template before is refused pods too', () => {
    assert.equal(failure(after(refusing(denied), deployment('zone-b', { replicaFailure: denied }))), undefined);
  });

  it('do not fail a template that has Ready pods: then there is no room', () => {
    const settled = after(whole, deployment('zone-a', { replicaFailure: denied, good }), remove('zone-a-pod-1'));
    assert.equal(failure(settled), undefined);
    const dead = after(settled, remove('zone-a-pod-2', 'zone-a-pod-3'));
    assert.equal(failure(dead), undefined);
  });

  it('are said the same way in a new station, which has nothing to go back to', () => {
    const none = whole.zones.flatMap(({ pods }) => pods.map(({ name }) => name));
    const fresh = ['zone-a', 'zone-b', 'zone-c'].reduce(
      (sofar, name) =>
        after(
          sofar,
          deployment(name, { replicaFailure: denied, madeReplicas: 0, updatedReplicas: 0 }),
          zone(name, (each) => ({ ...each, full: denied, notMadeMs: 60_000 })),
        ),
      after(whole, remove(...none)),
    );
    const { steps, problems } = planStation(fresh);
    assert.equal(
      steps.some(({ kind }) => kind === 'rollBack'),
      false,
    );
    const said = problems.filter(({ kind }) => kind === 'RolloutFailed').map(({ message }) => message);
    assert.equal(said.length, 3);
    assert.match(
      said[0] ?? '',
      /^zone-a: its pods are refused: .*; there is no earlier template to go back to: correct/,
    );
  });
});

describe('a new station whose pod alone exceeds a quota', () => {
  const only = (message: string): Snapshot =>
    after(
      { ...whole, zones: whole.zones.slice(0, 1) },
      remove('zone-a-pod-1', 'zone-a-pod-2', 'zone-a-pod-3'),
      deployment('zone-a', { replicaFailure: message, madeReplicas: 0, updatedReplicas: 0 }),
      zone('zone-a', (each) => ({ ...each, notMadeMs: 60_000 })),
    );
  it('has a template that asks for too much', () => {
    assert.match(failure(only(quota('requests.cpu', ['4', '0', '2']))) ?? '', /^NotMade/);
  });
  it('and not one whose pods would fit one after another', () => {
    assert.equal(failure(only(quota('requests.cpu', ['2', '1', '2']))), undefined);
  });
});

describe('pods that end as Failed', () => {
  const failing = {
    replicaSet: 'rs2',
    reason: 'SysctlForbidden',
    message: 'forbidden sysctl',
  };
  const ending = (over: Partial<NonNullable<Snapshot['zones'][number]['failing']>>, from = midRollout): Snapshot =>
    zone('zone-a', (each) => ({ ...each, failing: { ...failing, ageMs: 10_000, newestMs: 200, ...over } }))(from);

  it('fail their template after ten seconds while none of it is Ready', () => {
    assert.equal(
      failure(ending({})),
      'Rejected: its pods end as Failed one after another: SysctlForbidden: forbidden sysctl',
    );
    assert.equal(failure(ending({ ageMs: 9_999 })), undefined);
    assert.equal(planStation(ending({})).steps.at(-1)?.kind, 'rollBack');
  });

  it('fail it after a minute where some of it are Ready, as when one node takes none', () => {
    const half = after(midRollout, addPod('zone-a', { name: 'new-2', replicaSet: 'rs2' }));
    assert.equal(failure(ending({ ageMs: 59_999 }, half)), undefined);
    assert.match(failure(ending({ ageMs: 60_000 }, half)) ?? '', /^Rejected/);
  });

  it('do not when they are of the template before, of a superseded one, or failed before any was seen to', () => {
    assert.equal(failure(ending({ replicaSet: good.replicaSet })), undefined);
    assert.equal(failure(ending({ replicaSet: 'rs9' })), undefined);
    assert.equal(failure(ending({ newestMs: 10_000 })), undefined);
  });

  it('let a newer template take their place where they are all there is, although nothing settles there', () => {
    const none = remove(...whole.zones.flatMap(({ pods }) => pods.map(({ name }) => name)));
    const ended = zone('zone-a', (each) => ({ ...each, failing: { ...failing, ageMs: 0, newestMs: 0 } }));
    const station = after(
      { ...midRollout, zones: midRollout.zones.slice(0, 1) },
      deployment('zone-a', { templateHash: 'old', madeReplicas: 0, updatedReplicas: 0 }),
      none,
      remove('new'),
    );
    assert.equal(tryRollOut(pictureOf(station)).attempt, undefined);
    assert.notEqual(tryRollOut(pictureOf(after(station, ended))).attempt, undefined);
  });

  it('do not where the template is at work', () => {
    assert.equal(
      failure(ending({ replicaSet: 'rs9', ageMs: 86_400_000 }, after(whole, deployment('zone-a', { good })))),
      undefined,
    );
  });
});

describe('pods without a node after the progress deadline', () => {
  const late = (from: Snapshot): Snapshot =>
    after(from, deployment('zone-a', { progressFailed: true, template: { spec: { schedulerName: 'mine' } } }));
  const unplaced = (over: object): ((snapshot: Snapshot) => Snapshot) =>
    zone('zone-a', (each) => ({
      ...each,
      pods: each.pods.map((pod) => (pod.name === 'new' ? { ...pod, node: undefined, ...over } : pod)),
    }));
  const words = { unschedulable: { message: '0/9 nodes are available', ageMs: 600_000 } };

  it('fail a template that asks the scheduler for something else, in its words', () => {
    const selector = asking({ nodeSelector: 0 });
    assert.equal(
      failure(late(after(selector, unplaced(words)))),
      'Unschedulable: 1 pod found no node within the progress deadline (it asks for what the template before did not: nodeSelector): 0/9 nodes are available',
    );
    assert.equal(failure(after(selector, unplaced(words))), undefined, 'new nodes may cure it until then');
    assert.equal(tryRollOut(pictureOf(after(selector, unplaced(words)))).attempt, undefined, 'nor does it spread');
  });

  it('fail it too when no scheduler looks at them, or gates hold them', () => {
    const scheduler = late(after(asking({ schedulerName: 0 }), unplaced({ unplacedMs: 600_000 })));
    assert.match(failure(scheduler) ?? '', /: no scheduler has looked at it; its schedulerName is mine$/);
    const gates = { spec: { schedulingGates: [{ name: 'example.com/wait' }] } };
    const gated = after(
      scheduler,
      deployment('zone-a', { template: gates, good: { ...good, beyond: { schedulingGates: 0 } } }),
    );
    assert.match(failure(gated) ?? '', /: schedulingGates hold it back: example.com\/wait$/);
  });

  it('do not fail one that asks for what the one before asked for: that one would find no room either', () => {
    assert.equal(failure(late(after(midRollout, unplaced(words)))), undefined);
    assert.equal(failure(late(after(asking({ 'limits.cpu': 1 }), unplaced(words)))), undefined);
  });

  it('are said in a new station only where no scheduler has looked: the rest may be want of room', () => {
    const first = (over: object): Snapshot =>
      late(after(midRollout, deployment('zone-a', { good: undefined }), unplaced(over)));
    assert.match(failure(first({ unplacedMs: 600_000 })) ?? '', /^Unschedulable: 1 pod found no node/);
    assert.equal(failure(first(words)), undefined);
  });
});

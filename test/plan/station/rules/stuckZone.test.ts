import assert from 'node:assert/strict';
import type { Snapshot } from '../../../../operator/model/snapshot.ts';
import type { PodView } from '../../../../operator/model/pod.ts';
import type { DeploymentView } from '../../../../operator/model/child.ts';
import { growSteps } from '../../../../operator/plan/station/rules/grow.ts';
import { guardRefuses } from '../../../../operator/plan/station/guard.ts';
import { tryHandOver } from '../../../../operator/plan/station/rules/handOver.ts';
import { pictureOf } from '../../../../operator/plan/station/picture.ts';
import { planStation } from '../../../../operator/plan/station/planStation.ts';
import { minAvailableFor } from '../../../../operator/plan/station/rules/protect.ts';
import { tryRollOut } from '../../../../operator/plan/station/rules/rollOut.ts';
import { lackedByStuck, stuckAt } from '../../../../operator/plan/station/rules/stuckZone.ts';
import { waitsForPods } from '../../../../operator/plan/station/rules/waits.ts';
import type { Change } from '../../../builders/changes.ts';
import { addPod, after, cordon, deployment, loseZone, named, pods, spec, zone } from '../../../builders/changes.ts';
import { inShort } from '../../../builders/play.ts';
import { served, settled } from '../../../builders/served.ts';

const two = { nodes: 2, pods: 2 };
const whole = served({ demand: 6, zones: { 'zone-a': two, 'zone-b': two, 'zone-c': two } });
const late = 600_000;
const unsettled = (unsettledMs: number): Change => zone('zone-a', (each) => ({ ...each, unsettledMs }));
const fresh = { name: 'new', replicaSet: 'rs2', state: 'starting', ready: false } as const;

/** zone-a is in mid-rollout, and its new pod has not got Ready for so long. */
function rolling(unsettledMs = late, pod: Partial<PodView> = {}, over: Partial<DeploymentView> = {}): Snapshot {
  return after(
    whole,
    addPod('zone-a', { ...fresh, ...pod }),
    deployment('zone-a', { madeReplicas: 3, updatedReplicas: 1, ...over }),
    unsettled(unsettledMs),
  );
}

const stuck = (snapshot: Snapshot): ReturnType<typeof stuckAt> => stuckAt(pictureOf(snapshot).zones[0]!);
const kept = (snapshot: Snapshot): number => minAvailableFor(pictureOf(snapshot), undefined);

describe('a zone is stuck', () => {
  it('when no other pod got Ready for the progress deadline, by our clock or by Kubernetes’', () => {
    assert.equal(stuck(rolling(late - 1)), undefined);
    assert.notEqual(stuck(rolling(late)), undefined);
    assert.equal(stuck(rolling(late, {}, { progressDeadlineMs: 2 * late })), undefined);
    assert.notEqual(stuck(rolling(0, {}, { progressFailed: true })), undefined);
    assert.equal(stuck(rolling(0, {}, { progressFailed: true, generation: 2, observedGeneration: 1 })), undefined);
  });

  it('never when it is to have no pods, or is lost', () => {
    assert.equal(stuck(after(whole, deployment('zone-a', { progressFailed: true }))), undefined);
    assert.equal(stuck(after(rolling(), loseZone('zone-a'))), undefined);
  });

  const unschedulable = { message: '0/6 nodes are available', ageMs: late };
  const cases: readonly (readonly [Snapshot, string, RegExp])[] = [
    [rolling(late, {}, { paused: true }), 'Paused', /kubectl rollout resume deployment\/pizzeria-grill-zone-a/],
    [rolling(late, { node: undefined, unschedulable }), 'Unschedulable', /new finds no node: 0\/6 nodes/],
    [rolling(late, { node: undefined }), 'Unschedulable', /no scheduler says why: check schedulerName/],
    [rolling(late), 'NotReady', /new is not Ready on node-a1: look at its events/],
    [
      rolling(late, { stuck: { reason: 'CreateContainerError', message: 'no such file', ageMs: late } }),
      'NotReady',
      /CreateContainerError: no such file/,
    ],
    [
      after(whole, deployment('zone-a', { updatedReplicas: 0, replicaFailure: 'denied' }), unsettled(late)),
      'NotMade',
      /pods cannot be made: denied/,
    ],
    [
      after(whole, deployment('zone-a', { updatedReplicas: 0 }), unsettled(late)),
      'NotMade',
      /no pod of its new template/,
    ],
    [after(whole, deployment('zone-a', { replicas: 3 }), unsettled(late)), 'NotMade', /controller manager/],
  ];
  for (const [snapshot, reason, words] of cases) {
    it(`for a reason, and with words: ${reason}, ${words.source}`, () => {
      assert.equal(stuck(snapshot)?.reason, reason);
      assert.match(stuck(snapshot)?.words ?? '', words);
    });
  }

  it('and people are told', () => {
    const { problems, waits } = planStation(rolling(late, {}, { paused: true }));
    const problem = problems.find(({ kind }) => kind === 'ZoneStuck');
    assert.equal(problem?.reason, 'Paused');
    assert.match(problem.message, /^zone-a gets no further: its rollout is paused/);
    assert.ok(
      waits.some(
        ({ what, why }) => what === 'the rollout in zone-a' && why.startsWith('it is stuck: its rollout is paused'),
      ),
    );
  });

  it('not before its time, which is waited for', () => {
    assert.deepEqual(
      waitsForPods(pictureOf(rolling(late - 1000))).filter(({ what }) => what === 'the rollout in zone-a'),
      [
        {
          what: 'the rollout in zone-a',
          why: 'unless one more pod gets Ready, it will count as stuck',
          lookAgainMs: 1000,
        },
      ],
    );
  });
});

describe('a stuck zone', () => {
  const drained = (unsettledMs: number): Snapshot => after(rolling(unsettledMs), cordon('zone-a-1'));

  it('has its leaving pods stood in for, whatever new pods are not Ready', () => {
    const steps = (snapshot: Snapshot): readonly string[] => growSteps(pictureOf(snapshot)).map(inShort);
    assert.deepEqual(steps(drained(late)), ['grow zone-a 2→3']);
  });

  it('lets evictions take them as far as demand is met, surge and all', () => {
    assert.equal(kept(drained(late - 1)), 8, 'demand, a leaving pod, the surge');
    assert.equal(kept(drained(late)), 6);
  });

  it('has surge set apart again as soon as a new pod is Ready', () => {
    assert.equal(kept(after(drained(late), pods(named('new'), { state: 'sure', ready: true }))), 7);
  });

  it('does not add up pods over one drain after another', () => {
    const again = after(drained(late), deployment('zone-a', { replicas: 4 }), cordon('zone-a-2'));
    assert.deepEqual(
      growSteps(pictureOf(again))
        .map(inShort)
        .filter((step) => step.startsWith('grow')),
      [],
    );
  });

  it('shrinks only where all its Ready pods are meant to go', () => {
    const refusal = (snapshot: Snapshot, to: number, ...victims: readonly string[]): string | undefined => {
      const picture = pictureOf(snapshot);
      const [first] = picture.zones;
      const going = first!.alive.filter(named(...victims));
      return guardRefuses(picture, { zone: first!, to, victims: going, healedMs: 0 })?.why;
    };
    const less = (unsettledMs: number): Snapshot => after(rolling(unsettledMs), spec({ replicas: 4 }));
    assert.equal(refusal(less(late - 1), 0, 'zone-a-pod-1', 'zone-a-pod-2'), 'a rollout is under way in zone-a');
    assert.equal(refusal(less(late), 0, 'zone-a-pod-1', 'zone-a-pod-2'), undefined);
    assert.match(refusal(less(late), 1, 'zone-a-pod-1') ?? '', /^zone-a is stuck: new is not Ready/);
  });

  it('holds a rollout back, with its reason', () => {
    const template = { spec: { containers: [{ name: 'grill', image: 'example.org/grill:2' }] } };
    const changed = settled(after(whole, spec({ template })));
    const held = after(changed, deployment('zone-a', { replicas: 3 }), unsettled(late));
    assert.match(
      tryRollOut(pictureOf(held)).waits[0]?.why ?? '',
      /^zone-a is stuck: it has 2 pods and is told to have 3/,
    );
    const unserved = after(
      held,
      pods(({ name }) => name.startsWith('zone-a'), { state: 'starting', ready: false }),
    );
    assert.match(
      tryRollOut(pictureOf(unserved)).waits[0]?.why ?? '',
      /^zone-a is stuck/,
      'none of its pods Ready or not',
    );
  });

  it('is not waited for by a hand over elsewhere: what it lacks is not asked for, demand is', () => {
    const spare = served({ demand: 4, survive: { pods: 2 }, zones: { 'zone-a': two, 'zone-b': two, 'zone-c': two } });
    const short = after(spare, pods(named('zone-a-pod-1'), { state: 'starting', ready: false }));
    const leaving = after(
      short,
      cordon('zone-b-1'),
      pods(named('zone-b-pod-1'), { marked: true }),
      deployment('zone-b', { replicas: 3, madeReplicas: 3, updatedReplicas: 3 }),
      addPod('zone-b', { name: 'stand-in' }),
    );
    const waits = (snapshot: Snapshot): string | undefined => tryHandOver(pictureOf(snapshot)).waits[0]?.why;
    assert.match(waits(leaving) ?? '', /^5 of 6 pods may be counted on/);
    const known = after(leaving, deployment('zone-a', { updatedReplicas: 1 }), unsettled(late));
    assert.equal(lackedByStuck(pictureOf(known).zones), 1);
    assert.equal(waits(known), undefined);
    assert.notEqual(tryHandOver(pictureOf(known)).attempt, undefined);
  });
});

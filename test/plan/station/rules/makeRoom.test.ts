import assert from 'node:assert/strict';
import type { Snapshot } from '../../../../operator/model/snapshot.ts';
import type { PodView } from '../../../../operator/model/pod.ts';
import { isStep } from '../../../../operator/plan/station/attempt.ts';
import { newestTemplateHash } from '../../../../operator/plan/children/deployment.ts';
import { growSteps } from '../../../../operator/plan/station/rules/grow.ts';
import { tryMakeRoom } from '../../../../operator/plan/station/rules/makeRoom.ts';
import { pictureOf } from '../../../../operator/plan/station/picture.ts';
import { tryRollOut } from '../../../../operator/plan/station/rules/rollOut.ts';
import { planStation } from '../../../../operator/plan/station/planStation.ts';
import { trustedPods, TRUST_AT_ONCE } from '../../../../operator/plan/station/rules/trust.ts';
import type { Change } from '../../../builders/changes.ts';
import {
  addPod,
  after,
  cordon,
  deployment,
  doubt,
  loseNode,
  mark,
  named,
  pods,
  recounted,
  remove,
  spec,
  zone,
} from '../../../builders/changes.ts';
import { served, settled } from '../../../builders/served.ts';
import { aBudgetView } from '../../../builders/snapshot.ts';

const three = { nodes: 3, pods: 3 };
const zones = { 'zone-a': three, 'zone-b': three, 'zone-c': three };
const whole = served({ demand: 6, survive: { zones: 1 }, zones });
const noRoom = { message: '0/9 nodes are available: 9 node(s) didn’t have free ports', ageMs: 60_000 };
const homeless = { state: 'starting', ready: false, node: undefined, unschedulable: noRoom } as const;
const unsettled = (unsettledMs: number | undefined): Change => zone('zone-a', (each) => ({ ...each, unsettledMs }));

/** zone-a was told to roll out, and its surge has found no room for so long. */
function full(of: Snapshot = whole, unsettledMs = 60_000): Snapshot {
  const template = { spec: { containers: [{ name: 'grill', image: 'example.org/grill:2' }] } };
  const changed = settled(after(of, spec({ template })));
  return after(
    changed,
    addPod('zone-a', { name: 'new', replicaSet: 'rs2', ...homeless }),
    deployment('zone-a', { templateHash: newestTemplateHash(changed), madeReplicas: 4, updatedReplicas: 1 }),
    unsettled(unsettledMs),
  );
}

/** The Deployment was told so. */
const told: Change = deployment('zone-a', { maxUnavailable: 1, maxSurge: 0 });
const budget = (minAvailable: number, currentHealthy = 9): Change => {
  return (snapshot) => ({ ...snapshot, budget: aBudgetView({ minAvailable, currentHealthy }) });
};

function next(snapshot: Snapshot, minAvailable = 7): string | undefined {
  const step = tryMakeRoom(pictureOf(snapshot)).attempt?.next(minAvailable);
  return step === undefined ? undefined : isStep(step) ? `${step.kind} ${'zone' in step ? step.zone : ''}` : step.why;
}

function waits(snapshot: Snapshot): readonly string[] {
  const { attempt, waits: found } = tryMakeRoom(pictureOf(snapshot));
  assert.equal(attempt, undefined);
  return found.map(({ what, why }) => `${what}: ${why}`);
}

/** How the next write of zone-a lets it roll; undefined: it is held as it is. */
function mended(snapshot: Snapshot): unknown {
  const step = growSteps(pictureOf(snapshot)).find((each) => 'zone' in each && each.zone === 'zone-a');
  if (step === undefined || !('intent' in step)) return undefined;
  return (step.intent.body['spec'] as { readonly strategy: { readonly rollingUpdate: unknown } }).strategy
    .rollingUpdate;
}

describe('making room', () => {
  it('has nothing to do where the surge finds room, or nothing rolls', () => {
    assert.deepEqual(tryMakeRoom(pictureOf(whole)), { attempt: undefined, waits: [] });
    const coming = after(full(), pods(named('new'), { unschedulable: undefined }));
    assert.deepEqual(tryMakeRoom(pictureOf(coming)), { attempt: undefined, waits: [] });
  });

  it('sets one pod apart, and lets one old pod go once the budget’s controller has seen that', () => {
    assert.equal(tryMakeRoom(pictureOf(full())).attempt?.surge, 1);
    assert.equal(next(after(full(), budget(6))), 'the budget does not keep 7 ready yet');
    assert.equal(next(after(full(), budget(7))), 'makeRoom zone-a');
  });

  it('writes maxUnavailable 1 with the template that the zone runs', () => {
    const step = tryMakeRoom(pictureOf(after(full(), budget(7)))).attempt?.next(7);
    assert.ok(step !== undefined && 'intent' in step);
    const { strategy, replicas } = step.intent.body['spec'] as Record<string, unknown>;
    assert.deepEqual(strategy, { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } });
    assert.equal(replicas, 3);
  });

  it('counts what the zone lacked before on top', () => {
    const short = after(full(), pods(named('zone-a-pod-3'), homeless), budget(7, 8));
    const step = tryMakeRoom(pictureOf(short)).attempt?.next(7);
    assert.ok(step !== undefined && 'intent' in step);
    const { strategy } = step.intent.body['spec'] as Record<string, unknown>;
    assert.deepEqual(strategy, { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 2, maxSurge: 0 } });
  });

  it('waits a minute: a node may come', () => {
    const young = full(whole, 59_000);
    const what = 'let an old pod go first in zone-a';
    assert.deepEqual(tryMakeRoom(pictureOf(young)).waits, [
      { what, why: 'its new pods find no room for less than a minute', lookAgainMs: 1_000 },
    ]);
  });

  const cut = served({ demand: 9, zones });
  const refusals: readonly (readonly [string, Snapshot, string])[] = [
    ['demand would be cut', full(cut), 'it would leave 8 pods to count on, and demand is 9'],
    ['a node is lost', after(full(), loseNode('zone-b-1')), 'zone-b-1 is lost'],
    ['a zone may be dying', after(full(), doubt('zone-c', 'overdue')), 'zone-c may be dying'],
    ['a node leaves with a pod of ours', after(full(), cordon('zone-c-1')), 'zone-c-1 is leaving'],
    [
      'a zone has only just come back',
      after(
        full(),
        zone('zone-c', (each) => ({ ...each, state: 'returning' })),
      ),
      'zone-c is returning',
    ],
  ];
  for (const [name, snapshot, why] of refusals) {
    it(`waits while ${name}`, () => assert.deepEqual(waits(snapshot), [`let an old pod go first in zone-a: ${why}`]));
  }

  it('is not kept by a node that leaves without pods of ours', () => {
    const empty = after(full(), cordon('zone-c-1'), remove('zone-c-pod-1'));
    assert.equal(next(after(empty, budget(7, 8))), 'makeRoom zone-a');
  });

  it('does not count marked pods', () => {
    const marked = after(full(), mark('zone-b-pod-1', 'zone-b-pod-2', 'zone-b-pod-3'));
    assert.match(waits(marked)[0] ?? '', /it would leave 5 pods to count on, and demand is 6/);
  });

  it('goes zone by zone', () => {
    const both = after(
      full(),
      told,
      addPod('zone-b', { name: 'b-new', replicaSet: 'rs2', ...homeless }),
      deployment('zone-b', { templateHash: newestTemplateHash(full()), madeReplicas: 4, updatedReplicas: 1 }),
      zone('zone-b', (each) => ({ ...each, unsettledMs: 60_000 })),
    );
    assert.deepEqual(waits(both), ['let an old pod go first in zone-b: an old pod goes first in zone-a now']);
  });
});

describe('while old pods go first in a zone', () => {
  /** The first old pod is gone, and its successor is about to have its node. */
  const gone = recounted(after(full(), told, remove('zone-a-pod-1')));

  it('it stays so, and nothing is grown: r − 1 is what was asked for', () => {
    assert.deepEqual(mended(gone), { maxUnavailable: 1, maxSurge: 0 });
    const kinds = growSteps(pictureOf(gone)).map(({ kind }) => kind);
    assert.deepEqual(
      kinds.filter((kind) => kind === 'grow'),
      [],
    );
    assert.deepEqual([...planStation(gone).zoneTargets.values()], [3, 3, 3]);
  });

  it('one pod more is set apart', () => {
    const budgets = planStation(after(full(), told)).steps.filter((step) => step.kind === 'applyBudget');
    assert.deepEqual(
      budgets.map((step) => step.minAvailable),
      [7],
    );
  });

  it('one of its pods may not be counted on by any other rule', () => {
    assert.equal(trustedPods(pictureOf(full()), TRUST_AT_ONCE).length, 9);
    assert.equal(trustedPods(pictureOf(after(full(), told)), TRUST_AT_ONCE).length, 8);
    assert.equal(trustedPods(pictureOf(gone), TRUST_AT_ONCE).length, 8);
  });

  const back = { maxUnavailable: 0, maxSurge: '25%' };
  it('a lost or leaving node, or more demand, takes it back at once', () => {
    assert.deepEqual(mended(after(gone, loseNode('zone-b-1'))), back);
    assert.deepEqual(mended(after(gone, cordon('zone-b-1'))), back);
    assert.deepEqual(mended(after(gone, spec({ replicas: 9 }))), back);
  });

  it('it ends with the last pod Ready, not when that is made', () => {
    const fresh: Partial<PodView> = { replicaSet: 'rs2', node: pictureOf(whole).zones[0]!.alive[0]!.node };
    const last = after(
      full(),
      told,
      remove('new'),
      pods(({ name }) => name.startsWith('zone-a'), fresh),
      deployment('zone-a', { madeReplicas: 3, updatedReplicas: 3 }),
    );
    const starting = after(last, pods(named('zone-a-pod-3'), { state: 'starting', ready: false }));
    assert.equal(pictureOf(starting).zones[0]?.rolling, true);
    assert.deepEqual(mended(starting), { maxUnavailable: 1, maxSurge: 0 });
    assert.deepEqual(mended(last), back);
  });
});

describe('a newer template while an old pod goes first', () => {
  it('finds as many pods set apart as it needs, and as the surge of the template needs', () => {
    const template = { spec: { containers: [{ name: 'grill', image: 'example.org/grill:3' }] } };
    for (const [count, surge] of [
      [3, 0],
      [8, 1],
    ] as const) {
      const each = { nodes: count, pods: count };
      const of = served({
        demand: 2 * count,
        survive: { zones: 1 },
        zones: { 'zone-a': each, 'zone-b': each, 'zone-c': each },
      });
      const superseded = after(full(of), told, deployment('zone-a', { madeReplicas: count + 1 }), spec({ template }));
      assert.equal(tryRollOut(pictureOf(superseded)).attempt?.surge, surge);
    }
  });
});

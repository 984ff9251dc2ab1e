import assert from 'node:assert/strict';
import type { Snapshot } from '../../../../operator/model/snapshot.ts';
import type { PodView, StrangerView } from '../../../../operator/model/pod.ts';
import type { BudgetView } from '../../../../operator/model/child.ts';
import type { Attempt } from '../../../../operator/plan/station/attempt.ts';
import { pictureOf } from '../../../../operator/plan/station/picture.ts';
import { minAvailableFor, protectStep } from '../../../../operator/plan/station/rules/protect.ts';
import {
  addPod,
  after,
  cordon,
  deployment,
  loseZone,
  mark,
  pods,
  removeNode,
  spec,
} from '../../../builders/changes.ts';
import { allOwned, heldAs, served } from '../../../builders/served.ts';
import { aBudgetView, aPodNode, aStrangerView } from '../../../builders/snapshot.ts';
import { budgetIntent } from '../../../../operator/plan/children/budget.ts';

const whole = served({ demand: 6, zones: { 'zone-a': { nodes: 3, pods: 3 }, 'zone-b': { nodes: 3, pods: 3 } } });

function kept(snapshot: Snapshot, attempt?: Partial<Attempt>): number {
  const full = attempt && { reserved: [], surge: 0, next: () => assert.fail('not asked for a step'), ...attempt };
  return minAvailableFor(pictureOf(snapshot), full);
}

/** The budget keeps this many, as it was applied, and counts all six healthy. */
function keeping(minAvailable: number, over: Partial<BudgetView> = {}, of = whole): Snapshot {
  const view = { ...heldAs(budgetIntent(of, minAvailable)), minAvailable, currentHealthy: 6, ...over };
  return { ...of, budget: aBudgetView(view) };
}

function written(snapshot: Snapshot, minAvailable: number): number | undefined {
  const step = protectStep(pictureOf(snapshot), minAvailable);
  return step !== undefined && 'kind' in step && step.kind === 'applyBudget' ? step.minAvailable : undefined;
}

describe('what the budget keeps', () => {
  it('is demand', () => {
    assert.equal(kept(whole), 6);
    assert.equal(kept(after(whole, spec({ replicas: 0 }))), 0);
  });

  it('is more by pods whose node is gone but that the API calls Ready, lost zones and all', () => {
    assert.equal(kept(after(whole, removeNode('zone-a-1'))), 7);
    assert.equal(kept(after(whole, removeNode('zone-b-1'), loseZone('zone-b'))), 7);
  });

  it('is more by leaving pods that are being replaced, from the first moment', () => {
    assert.equal(kept(after(whole, cordon('zone-a-1'))), 7);
    const spare = served({ demand: 4, survive: { pods: 2 }, zones: { 'zone-a': { nodes: 6, pods: 6 } } });
    assert.equal(kept(after(spare, cordon('zone-a-1'))), 4, 'evictions may take what is spare');
  });

  it('keeps all wanted pods besides these, so that no eviction takes a pod whose replacement is on its way', () => {
    const two = served({ demand: 2, survive: { pods: 1 }, zones: { 'zone-a': { nodes: 2, pods: 3 } } });
    const drained = after(two, cordon('zone-a-1'), addPod('zone-a', { name: 'new', state: 'starting' }));
    assert.equal(kept(drained), 5);
    const noRoom = { node: undefined, unschedulable: { message: '0/2 nodes are available', ageMs: 20_000 } };
    assert.equal(
      kept(
        after(
          drained,
          pods((pod) => pod.name === 'new', noRoom),
        ),
      ),
      4,
      'as long as these have room',
    );
    assert.equal(
      kept(
        after(
          drained,
          pods((pod) => pod.name === 'new', { slow: true }),
        ),
      ),
      4,
      'and get Ready',
    );
    const step = protectStep(pictureOf(drained), 5);
    assert.match((step as { why?: string }).why ?? '', /keeps 5 ready: the 3 wanted and 2 pods/);
  });

  it('is more by what a rule wants set apart, each pod once', () => {
    const leaving = after(whole, cordon('zone-a-1'));
    const reserved = leaving.zones[0]!.pods.slice(0, 2);
    assert.equal(kept(leaving, { reserved }), 8);
    assert.equal(kept(leaving, { surge: 2 }), 9);
  });

  it('is more by the surge of a rollout under way', () => {
    assert.equal(kept(after(whole, deployment('zone-a', { updatedReplicas: 0 }))), 7);
  });

  it('is more by pods that a ReplicaSet has been told to delete and has not', () => {
    const told = after(whole, mark('zone-a-pod-1'), deployment('zone-a', { replicas: 2 }));
    assert.equal(kept(told), 7);
    assert.equal(kept(after(told, addPod('zone-a', { name: 'slow', state: 'starting' }))), 7);
    assert.equal(kept(after(whole, addPod('zone-a', { name: 'slow', state: 'starting' }))), 6);
  });
});

describe('what the budget keeps beside strangers', () => {
  const among = (...strangers: readonly Partial<StrangerView>[]): Snapshot => ({
    ...whole,
    strangers: strangers.map(aStrangerView),
  });

  it('is more by each that the API calls Ready, so that its allowance is what is spare of ours', () => {
    assert.equal(kept(among({}, { name: 'debug', ended: true })), 8);
    assert.equal(kept(among({ ready: false }, { name: 'gone', deletingMs: 60_000 })), 6);
  });

  it('is more by these also where demand is given up because there is no room', () => {
    const noRoom = { state: 'starting', node: undefined, unschedulable: { message: 'full', ageMs: 20_000 } } as const;
    const full = served({ demand: 2, zones: { 'zone-a': { nodes: 2, pods: 2 } }, station: { whenNoRoom: 'Dip' } });
    const dips = after(full, cordon('zone-a-1'), addPod('zone-a', { name: 'new', ...noRoom }));
    assert.equal(kept(dips), 1);
    assert.equal(kept({ ...dips, strangers: [aStrangerView()] }), 2);
  });

  it('is lowered although the budget counts them, and not while it counts one more', () => {
    const strangers = [aStrangerView()];
    assert.equal(written({ ...keeping(8, { currentHealthy: 7 }), strangers }, 7), 7);
    assert.equal(written({ ...keeping(8, { currentHealthy: 8 }), strangers }, 7), undefined);
  });

  it('is not lowered while its controller may not have heard of the delete of one', () => {
    const strangers = [aStrangerView({ deletingMs: 500 })];
    assert.equal(written({ ...keeping(8), strangers }, 6), undefined);
  });
});

describe('the write of the budget', () => {
  it('is none when it keeps that many already', () => assert.equal(written(keeping(6), 6), undefined));

  it('is made if there is none, and not over another owner’s', () => {
    assert.equal(written({ ...whole, budget: { state: 'absent' } }, 6), 6);
    assert.equal(written({ ...whole, budget: { state: 'taken', name: 'x', by: 'y' } }, 6), undefined);
  });

  it('is tied to the version it was decided on: what arrives late would take back what was set apart since', () => {
    const versionOf = (snapshot: Snapshot): string | undefined => {
      const step = protectStep(pictureOf(snapshot), 7);
      return step !== undefined && 'kind' in step && step.kind === 'applyBudget' ? step.intent.resourceVersion : 'none';
    };
    assert.equal(versionOf(keeping(6)), '1');
    assert.equal(versionOf({ ...whole, budget: { state: 'absent' } }), undefined);
  });

  it('raises at once, whatever its status', () => {
    assert.equal(written(keeping(6, { observedGeneration: 0, currentHealthy: 99 }), 7), 7);
  });

  it('lowers when its status is of this generation and counts no more than we see', () => {
    assert.equal(written(keeping(8), 6), 6);
    assert.equal(written(keeping(8, { currentHealthy: 3 }), 6), 6);
  });

  it('does not lower while its controller may not have heard of a delete, and says when to look again', () => {
    const going = after(keeping(8), addPod('zone-a', { name: 'old', state: 'deleting', deletingMs: 500 }));
    assert.deepEqual(protectStep(pictureOf(going), 6), {
      what: 'keep 6 ready',
      why: 'the budget’s controller may not know of every delete yet',
      lookAgainMs: 1_500,
    });
    assert.equal(
      written(
        after(
          going,
          pods(({ name }) => name === 'old', { deletingMs: 2_000 }),
        ),
        6,
      ),
      6,
    );
  });

  it('does not lower while its controller has not seen it', () => {
    assert.equal(written(keeping(8, { generation: 3, observedGeneration: 2 }), 6), undefined);
  });

  it('does not lower while it counts pods that we do not see', () => {
    assert.equal(written(keeping(8, { currentHealthy: 7 }), 6), undefined);
  });

  it('counts doubtful and leaving pods as seen, but none that is being deleted', () => {
    const doubtful = after(whole, removeNode('zone-a-1'), cordon('zone-b-1'));
    assert.equal(written(keeping(8, {}, doubtful), 6), 6);
    const deleting = after(
      whole,
      pods(({ name }) => name === 'zone-a-pod-1', { state: 'deleting' }),
      deployment('zone-a', { replicas: 2 }),
    );
    assert.equal(written(keeping(8, {}, deleting), 6), undefined);
    assert.equal(written(keeping(8, { currentHealthy: 5 }, deleting), 6), 6);
  });

  it('does not lower while pods are about to become Ready, so that all is one write', () => {
    const starting = (over: Partial<PodView> = {}): Snapshot =>
      after(
        whole,
        pods(({ name }) => name === 'zone-a-pod-1', { state: 'starting', ready: false, ...over }),
      );
    const lowered = (snapshot: Snapshot): number | undefined => written(keeping(8, { currentHealthy: 5 }, snapshot), 6);
    assert.equal(lowered(starting()), undefined);
    assert.equal(lowered(starting({ node: undefined })), undefined);
    assert.equal(lowered(after(whole, deployment('zone-b', { replicas: 4 }))), undefined, 'one is still to be made');
    const held: readonly Partial<PodView>[] = [
      { slow: true },
      { stuck: { reason: 'CrashLoopBackOff', message: '', ageMs: 0 } },
      { node: undefined, unschedulable: { message: 'no room', ageMs: 0 } },
      { node: undefined, unplacedMs: 15_000 },
      { node: aPodNode({ name: 'zone-a-1', state: 'lost' }) },
    ];
    for (const over of held) assert.equal(lowered(starting(over)), 6, JSON.stringify(over));
    assert.equal(lowered(after(starting(), cordon('zone-b-2'))), 6, 'a drain waits for it');
  });

  it('does not lower while a Deployment has not been observed: the surge of its template is still to come', () => {
    assert.equal(written(keeping(8, {}, after(whole, deployment('zone-b', { generation: 2 }))), 6), undefined);
  });

  it('is applied again as it is when another manager took a field, even while it must not be lowered', () => {
    const { 'f:spec': _, ...owned } = allOwned;
    assert.equal(written(keeping(6, { owned }), 6), 6);
    assert.equal(written(keeping(8, { owned, currentHealthy: 7 }), 6), 8);
  });

  it('makes a whole number again of a percentage that another manager wrote', () => {
    assert.equal(written({ ...whole, budget: aBudgetView({ minAvailable: undefined }) }, 6), 6);
  });

  it('says what it keeps and for whom', () => {
    const why = (minAvailable: number): string | undefined => protectStep(pictureOf(keeping(5)), minAvailable)?.why;
    assert.equal(why(6), 'keeps 6 ready: demand 6');
    assert.equal(why(8), 'keeps 8 ready: demand 6 and 2 pods that may not be counted on');
  });
});

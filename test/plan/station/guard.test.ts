import assert from 'node:assert/strict';
import type { Snapshot } from '../../../operator/model/snapshot.ts';
import { budgetAwaits, guardRefuses, inFlight } from '../../../operator/plan/station/guard.ts';
import { pictureOf } from '../../../operator/plan/station/picture.ts';
import type { Survive } from '../../../operator/api/survive.ts';
import {
  addPod,
  after,
  deployment,
  loseNode,
  loseZone,
  mark,
  named,
  pods,
  remove,
  spec,
  suspectNode,
  suspectZone,
} from '../../builders/changes.ts';
import { served } from '../../builders/served.ts';
import { aBudgetView, aPodNode } from '../../builders/snapshot.ts';

/** Demand 6 in three zones of two nodes with three pods each. */
function nine(survive: Partial<Survive> = {}): Snapshot {
  const zone = { nodes: 3, pods: 3 };
  return served({ demand: 6, survive, zones: { 'zone-a': zone, 'zone-b': zone, 'zone-c': zone } });
}

interface Ask {
  readonly to?: number;
  readonly victims?: readonly string[];
  readonly healedMs?: number;
}

/** Why zone-a may not go from its replicas down to `to`, giving up its first pods. */
function refusal(
  snapshot: Snapshot,
  { to = 2, victims = ['zone-a-pod-1'], healedMs = 0 }: Ask = {},
): string | undefined {
  const picture = pictureOf(snapshot);
  const zone = picture.zones[0]!;
  return guardRefuses(picture, { zone, to, victims: zone.alive.filter(named(...victims)), healedMs })?.why;
}

describe('the guard', () => {
  it('lets a shrink pass that leaves demand and what is declared', () => {
    assert.equal(refusal(nine()), undefined);
    assert.equal(refusal(nine(), { to: 0, victims: ['zone-a-pod-1', 'zone-a-pod-2', 'zone-a-pod-3'] }), undefined);
  });

  it('refuses to leave fewer than demand', () => {
    const short = after(nine(), loseNode('zone-b-1'), loseNode('zone-b-2'), loseNode('zone-b-3'));
    assert.equal(refusal(short), 'it would leave 5 pods to count on, and demand is 6');
  });

  it('counts pods that go although they were not chosen, where too few die before them', () => {
    assert.equal(refusal(nine(), { to: 0, victims: [] }), undefined, 'sure_z(0) = 3 − (3 − 0 − 0) = 0 leaves 6');
    const six = after(nine(), remove('zone-c-pod-1'), deployment('zone-c', { replicas: 2 }));
    assert.equal(refusal(six, { to: 0, victims: [] }), 'it would leave 5 pods to count on, and demand is 6');
  });

  it('lets pods that die first go, since they cost nothing', () => {
    const extra = after(
      nine(),
      addPod('zone-a', { name: 'slow', state: 'starting' }),
      deployment('zone-a', { replicas: 4 }),
    );
    const short = after(extra, loseNode('zone-b-1'), loseNode('zone-b-2'), loseNode('zone-b-3'));
    assert.equal(refusal(short, { to: 3, victims: [] }), undefined);
  });

  it('refuses to survive less than declared', () => {
    assert.equal(refusal(nine({ zones: 1 })), 'it would survive the loss of 0 zones instead of 1');
    const four = after(nine({ nodes: 3 }));
    assert.equal(refusal(four), 'it would survive the loss of 2 nodes instead of 3');
    assert.equal(refusal(nine({ pods: 3 })), 'it would survive the loss of 2 pods instead of 3');
  });

  it('asks for no more than is survived before', () => {
    assert.equal(refusal(nine({ pods: 5 })), 'it would survive the loss of 2 pods instead of 3');
    const uneven = after(nine({ zones: 2 }), mark('zone-a-pod-1'));
    assert.equal(refusal(uneven), 'it would survive the loss of 0 zones instead of 1');
  });

  it('lets a pod go that is not counted on, although less is survived than declared', () => {
    const slow = after(nine({ pods: 5 }), addPod('zone-a', { name: 'slow', state: 'starting' }));
    const told = after(slow, deployment('zone-a', { replicas: 4 }));
    assert.equal(refusal(told, { to: 3, victims: [] }), undefined);
  });

  it('asks for the zones that are still to be spared once one is lost', () => {
    const zone = { nodes: 3, pods: 3 };
    const zones = { 'zone-a': zone, 'zone-b': zone, 'zone-c': zone, 'zone-d': { nodes: 3, pods: 4 } };
    const four = served({ demand: 6, survive: { zones: 1 }, zones });
    assert.equal(refusal(after(four, loseZone('zone-b'))), undefined);
    const declared = after(four, spec({ survive: { pods: 0, nodes: 0, zones: 2 } }), loseZone('zone-b'));
    assert.equal(refusal(declared), 'it would survive the loss of 0 zones instead of 1');
  });

  it('is not held up by a lost zone, which spends one zone of the declaration', () => {
    const lost = after(nine({ zones: 1 }), loseZone('zone-b'), deployment('zone-b', { generation: 2 }));
    assert.equal(refusal(lost), 'it would leave 5 pods to count on, and demand is 6');
    const spare = after(lost, addPod('zone-a', { name: 'zone-a-pod-4' }), deployment('zone-a', { replicas: 4 }));
    assert.equal(refusal(spare, { to: 3 }), undefined);
  });

  it('takes a suspicion for no loss: it refuses what would be too much if that is a false alarm', () => {
    const spare = after(
      nine({ zones: 1 }),
      addPod('zone-a', { name: 'zone-a-pod-4' }),
      deployment('zone-a', { replicas: 4 }),
    );
    assert.equal(refusal(after(spare, suspectZone('zone-b')), { to: 3 }), undefined, '9 are left if it is one');
    const of = (many: number): { readonly nodes: number; readonly pods: number } => ({ nodes: 1, pods: many });
    const zones = { 'zone-a': of(2), 'zone-b': of(1), 'zone-c': of(2), 'zone-d': of(1) };
    const six = served({ demand: 4, survive: { zones: 1 }, zones });
    assert.equal(refusal(after(six, loseZone('zone-b')), { to: 1 }), undefined);
    const declared = 'it would survive the loss of 0 zones instead of 1';
    assert.equal(refusal(after(six, suspectZone('zone-b')), { to: 1 }), declared);
  });

  it('lets a dead pod go while nodes elsewhere are suspect', () => {
    const both = after(nine({ zones: 1 }), loseNode('zone-a-1'), suspectNode('zone-b-1'), suspectNode('zone-c-1'));
    const made = after(both, ...['a', 'b', 'c'].map((name) => addPod(`zone-${name}`, { name: `new-${name}` })));
    const told = after(made, ...['a', 'b', 'c'].map((name) => deployment(`zone-${name}`, { replicas: 4 })));
    assert.equal(refusal(told, { to: 3, victims: [] }), undefined);
  });

  it('counts a shrink that was written and is not done yet as done', () => {
    const told = after(nine(), deployment('zone-b', { replicas: 1 }), deployment('zone-c', { replicas: 2 }));
    assert.equal(refusal(told), 'it would leave 5 pods to count on, and demand is 6');
  });

  it('keeps a pod that is about to count', () => {
    const young = after(nine({ zones: 1 }), pods(named('zone-a-pod-1'), { servedMs: 0 }));
    assert.equal(refusal(young, { victims: ['zone-a-pod-1'] }), 'it would survive the loss of 0 zones instead of 1');
  });

  it('says when to look again, when a pod is only too young', () => {
    const young = after(nine(), pods(named('zone-b-pod-1', 'zone-b-pod-2', 'zone-b-pod-3'), { servedMs: 2_500 }));
    const picture = pictureOf(young);
    const zone = picture.zones[0]!;
    assert.deepEqual(guardRefuses(picture, { zone, to: 2, victims: zone.alive.slice(0, 1), healedMs: 0 }), {
      why: 'it would leave 5 pods to count on, and demand is 6',
      lookAgainMs: 500,
    });
  });

  it('refuses while anything is in flight in the zone, and not while it is elsewhere', () => {
    assert.equal(refusal(after(nine(), deployment('zone-b', { generation: 2 }))), undefined);
    assert.match(refusal(after(nine(), deployment('zone-a', { generation: 2 }))) ?? '', /has not seen its newest spec/);
  });
});

describe('what is in flight in a zone', () => {
  const flying = (snapshot: Snapshot): string | undefined => inFlight(pictureOf(snapshot).zones[0]!);

  it('is nothing when it has settled', () => assert.equal(flying(nine()), undefined));

  it('is a spec that has not been observed', () => {
    const unseen = after(nine(), deployment('zone-a', { generation: 5, observedGeneration: 4 }));
    assert.equal(flying(unseen), 'the Deployment in zone-a has not seen its newest spec');
  });

  it('is a rollout', () => {
    const rolling = after(nine(), pods(named('zone-a-pod-1'), { replicaSet: 'rs2' }));
    assert.equal(flying(rolling), 'a rollout is under way in zone-a');
  });

  /** zone-a rolls out; its old pods are on a node that leaves, its new one finds no room. */
  const pending = { state: 'starting', node: undefined, replicaSet: 'rs2' } as const;
  const roomless = after(
    nine(),
    addPod('zone-a', { ...pending, name: 'new', unschedulable: { message: 'no node fits', ageMs: 15_000 } }),
  );
  const all = ['zone-a-pod-1', 'zone-a-pod-2', 'zone-a-pod-3'];

  it('is not a rollout that finds no room, once all its Ready pods are to go', () => {
    const [zone] = pictureOf(roomless).zones;
    assert.equal(inFlight(zone!, zone!.alive.filter(named(...all))), undefined);
    assert.equal(refusal(roomless, { to: 0, victims: all }), undefined);
  });

  it('is such a rollout while a Ready pod is to stay, or a new one has room', () => {
    assert.equal(refusal(roomless, { to: 1, victims: all.slice(1) }), 'a rollout is under way in zone-a');
    const started = after(roomless, addPod('zone-a', { ...pending, name: 'new-2', node: aPodNode() }));
    assert.equal(refusal(started, { to: 0, victims: all }), 'a rollout is under way in zone-a');
    const unseen = after(roomless, deployment('zone-a', { generation: 2 }));
    assert.match(refusal(unseen, { to: 0, victims: all }) ?? '', /has not seen its newest spec/);
  });

  it('is a count of pods that is not what it is told', () => {
    assert.equal(flying(after(nine(), remove('zone-a-pod-1'))), 'zone-a has 2 pods and is told to have 3');
    const more = after(nine(), deployment('zone-a', { replicas: 2 }));
    assert.equal(flying(more), 'zone-a has 3 pods and is told to have 2');
  });

  it('is not a pod that cannot be made', () => {
    const quota = deployment('zone-a', { replicaFailure: 'exceeded quota' });
    assert.equal(flying(after(nine(), remove('zone-a-pod-1'), quota)), undefined);
  });

  it('is a Deployment that is not there', () => {
    const bare = {
      ...nine(),
      zones: nine().zones.map((zone) => ({ ...zone, deployment: { state: 'absent' } as const })),
    };
    assert.equal(flying(bare), 'zone-a has no Deployment');
  });
});

describe('what the budget has yet to do', () => {
  const awaited = (budget: Snapshot['budget']): string | undefined => budgetAwaits(pictureOf({ ...nine(), budget }), 7);

  it('is nothing once its controller has seen the figure and counts as many', () => {
    assert.equal(awaited(aBudgetView({ minAvailable: 7, currentHealthy: 7 })), undefined);
    assert.equal(awaited(aBudgetView({ minAvailable: 8, currentHealthy: 9 })), undefined);
  });

  it('is to be there, as a whole number', () => {
    assert.equal(awaited({ state: 'absent' }), 'the budget is not in place yet');
    assert.equal(awaited(aBudgetView({ minAvailable: undefined })), 'the budget is not in place yet');
  });

  it('is to keep as many', () => {
    assert.equal(awaited(aBudgetView({ minAvailable: 6, currentHealthy: 9 })), 'the budget does not keep 7 ready yet');
  });

  it('is to be seen by its controller', () => {
    const unseen = aBudgetView({ minAvailable: 7, currentHealthy: 9, generation: 3, observedGeneration: 2 });
    assert.equal(awaited(unseen), 'the budget’s controller has not seen its newest figure');
  });

  it('is to count as many healthy', () => {
    assert.equal(
      awaited(aBudgetView({ minAvailable: 7, currentHealthy: 6 })),
      'the budget counts only 6 healthy pods and must keep 7',
    );
  });
});

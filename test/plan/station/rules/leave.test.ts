import assert from 'node:assert/strict';
import type { BudgetView } from '../../../../operator/model/child.ts';
import type { Snapshot } from '../../../../operator/model/snapshot.ts';
import type { Survive } from '../../../../operator/api/survive.ts';
import { ours } from '../../../../operator/plan/station/picture.ts';
import { planStation } from '../../../../operator/plan/station/planStation.ts';
import { after, deployment, loseNode, loseZone, pods, spec, zone } from '../../../builders/changes.ts';
import { stepsOf, play } from '../../../builders/play.ts';
import { served } from '../../../builders/served.ts';
import { behindHubs, endShift, leaveShifted, left, shift } from '../../../builders/shifted.ts';
import { aPodView } from '../../../builders/snapshot.ts';

/** A station of 3 zones with these pods, behind hubs. */
function grill(perZone: readonly [number, number, number], survive: Partial<Survive>): Snapshot {
  const [a, b, c] = perZone;
  const zones = {
    'zone-a': { nodes: 3, pods: a },
    'zone-b': { nodes: 3, pods: b },
    'zone-c': { nodes: 3, pods: c },
  };
  return behindHubs(served({ demand: 6, survive, zones }));
}

const covered = grill([3, 3, 3], { zones: 1 });
const bare = grill([3, 2, 2], { pods: 1 });

const budget =
  (over: Partial<BudgetView>) =>
  (snapshot: Snapshot): Snapshot => ({ ...snapshot, budget: { ...snapshot.budget, ...over } });

const whyNot = (snapshot: Snapshot): string | undefined => planStation(snapshot).shifts[0]?.why;
const waits = (snapshot: Snapshot): readonly string[] =>
  planStation(snapshot).waits.map(({ what, why }) => `${what}: ${why}`);
const podsIn = (snapshot: Snapshot): readonly number[] => snapshot.zones.map((each) => each.pods.length);

describe('requests leave a shifted zone', () => {
  it('as soon as the budget sets its pods apart, where the others hold demand', () => {
    const shifted = after(covered, shift('zone-b'));
    assert.deepEqual(stepsOf(shifted), ['budget 9']);
    assert.equal(whyNot(shifted), 'its pods are not set apart yet: the budget does not keep 9 ready yet');
    const { passes, end } = play(shifted);
    assert.deepEqual(passes, [['budget 9']]);
    assert.deepEqual(planStation(end).shifts, [
      { zone: 'zone-b', until: '2026-12-01T13:00:00Z', state: 'on', isLeft: true },
    ]);
  });

  it('only once the budget’s controller has seen that, and counts every pod that demand needs', () => {
    const kept = play(after(covered, shift('zone-b'))).end;
    const said = (over: Partial<BudgetView>): string | undefined => whyNot(after(kept, budget(over)));
    assert.equal(said({}), undefined);
    const { generation } = ours(kept.budget) ?? { generation: 0 };
    assert.match(said({ observedGeneration: generation - 1 }) ?? '', /has not seen its newest figure/);
    // An eviction in zone-a was granted, and nothing is seen of it yet.
    assert.match(said({ currentHealthy: 8 }) ?? '', /^1 pod may be evicted already/);
    assert.equal(
      whyNot({ ...kept, budget: { state: 'absent' } }),
      'its pods are not set apart yet: the budget is not in place yet',
    );
    const going = { state: 'deleting', name: 'pizzeria-grill', finalizers: [] } as unknown as Snapshot['budget'];
    assert.match(whyNot({ ...kept, budget: going }) ?? '', /the budget is being deleted/);
  });

  it('all the same where the budget’s name belongs to another, which no wait would change', () => {
    const taken = { state: 'taken', name: 'pizzeria-grill', by: 'Kitchen other' } as unknown as Snapshot['budget'];
    assert.equal(whyNot({ ...after(covered, shift('zone-b')), budget: taken }), undefined);
  });

  it('although a surge never gets Ready: the others hold demand without it', () => {
    const kept = play(after(covered, shift('zone-b'))).end;
    const surging = after(
      kept,
      zone('zone-a', (each) => ({
        ...each,
        pods: [
          ...each.pods,
          aPodView({ name: 'surge', uid: 'surge', ready: false, state: 'starting', replicaSet: 'new' }),
        ],
      })),
      deployment('zone-a', { madeReplicas: 4, updatedReplicas: 1 }),
      budget({ minAvailable: 10 }),
    );
    assert.equal(whyNot(surging), undefined);
  });

  it('only once the others have made what they lack', () => {
    const shifted = after(bare, shift('zone-b'));
    assert.match(whyNot(shifted) ?? '', /^the other zones have 5 pods to count on, and demand is 6$/);
    assert.ok(waits(shifted).some((each) => each.startsWith('requests leave zone-b: the other zones have 5 pods')));
    const { end } = play(shifted);
    assert.equal(whyNot(end), undefined);
    // R = 7 over two zones, and what the third had before.
    assert.deepEqual(
      podsIn(end).toSorted((some, others) => some - others),
      [2, 3, 4],
    );
  });

  it('not while a new pod is not known to the Service yet', () => {
    const soon = after(
      bare,
      shift('zone-b'),
      zone('zone-a', (each) => ({ ...each, pods: [...each.pods, aPodView({ name: 'new', servedMs: undefined })] })),
      deployment('zone-a', { replicas: 4, madeReplicas: 4, updatedReplicas: 4 }),
    );
    assert.match(whyNot(soon) ?? '', /5 pods to count on/);
  });

  it('and stay away when the others lose more than they can spare', () => {
    const lost = after(covered, shift('zone-b'), left('zone-b'), loseZone('zone-a'));
    assert.equal(whyNot(lost), undefined);
    assert.deepEqual(planStation(lost).survival.short, 3);
  });

  it('never where they wait for room, unless the station would rather dip', () => {
    const waiting = aPodView({
      name: 'waits',
      state: 'starting',
      node: undefined,
      unschedulable: { message: '0/9 nodes are available', ageMs: 20_000 },
    });
    const full = after(
      bare,
      shift('zone-b'),
      ...['zone-a', 'zone-c'].flatMap((name) => [
        zone(name, (each) => ({
          ...each,
          full: '0/9 nodes are available',
          pods: [...each.pods, { ...waiting, name: `waits-${name}`, uid: `waits-${name}` }],
        })),
        deployment(name, { replicas: name === 'zone-a' ? 4 : 3 }),
      ]),
    );
    assert.match(whyNot(full) ?? '', /5 pods .* demand is 6; with whenNoRoom: Dip they would leave all the same/);
    const dipping = after(full, spec({ whenNoRoom: 'Dip' }));
    const { minAvailable } = planStation(dipping).steps.find((step) => step.kind === 'applyBudget') ?? {};
    assert.equal(minAvailable, 8);
    assert.equal(whyNot(dipping), 'its pods are not set apart yet: the budget does not keep 8 ready yet');
    const kept = { ...dipping, budget: { ...dipping.budget, minAvailable } } as Snapshot;
    assert.equal(whyNot(kept), undefined);
  });

  it('not while the Kitchen is paused, and do not come back for that', () => {
    const paused = after(covered, shift('zone-b'), spec({ paused: true }));
    assert.equal(whyNot(paused), 'the Kitchen is paused');
    assert.equal(whyNot(after(paused, left('zone-b'))), undefined);
  });

  it('not through a plain Service, and capacity is made all the same', () => {
    const plain = served({
      demand: 6,
      survive: { pods: 1 },
      zones: { 'zone-a': { nodes: 3, pods: 3 }, 'zone-b': { nodes: 3, pods: 2 }, 'zone-c': { nodes: 3, pods: 2 } },
    });
    const shifted = after(plain, shift('zone-b'));
    assert.match(whyNot(shifted) ?? '', /plain Service sends to every Ready pod/);
    assert.ok(stepsOf(shifted).some((step) => step.startsWith('grow ')));
    assert.ok(!waits(shifted).some((each) => each.startsWith('requests leave')));
    assert.match(whyNot(after(shifted, left('zone-b'))) ?? '', /plain Service/, 'hubs were taken away meanwhile');
  });
});

describe('a shifted zone', () => {
  it('has one spare pod made elsewhere while its nodes are drained, whose allowance the drain spends', () => {
    const shifted = play(after(covered, shift('zone-b'), left('zone-b'))).end;
    const drained = after(shifted, leaveShifted('zone-b-1'));
    const { end } = play(drained);
    const sure = end.zones.flatMap((each) => each.pods).filter(({ state }) => state === 'sure').length;
    assert.equal(sure, 7);
    const { minAvailable = 0 } = ours(end.budget) ?? {};
    assert.equal(sure + 3 - minAvailable, 1, 'one eviction, of whichever pod, leaves demand');
    assert.match(waits(drained).join('; '), /evictions of 1 pod on leaving nodes of zone-b: .* one more than demand/);
    const soon = after(shifted, leaveShifted('zone-b-1', 1_000));
    assert.deepEqual(stepsOf(soon), []);
    assert.match(waits(soon).join('; '), /nodes leaving zone-b: a cordon may be taken back at once/);
    const gone = play(
      after(
        end,
        zone('zone-b', (each) => ({ ...each, pods: each.pods.filter(({ node }) => node?.state !== 'leaving') })),
      ),
    ).end;
    const counts = gone.zones.filter(({ name }) => name !== 'zone-b').map(({ pods: there }) => there.length);
    assert.deepEqual(counts, [3, 3], 'and the spare pod goes when the node is free');
  });

  it('dips for a drain where the spare pod finds no room, if the station would rather', () => {
    const full = (whenNoRoom: 'Block' | 'Dip'): Snapshot => {
      const drained = after(covered, spec({ whenNoRoom }), shift('zone-b'), left('zone-b'), leaveShifted('zone-b-1'));
      return after(
        play(drained).end,
        pods(({ uid }) => !covered.zones.some((each) => each.pods.some((pod) => pod.uid === uid)), {
          ready: false,
          state: 'starting',
          node: undefined,
          unschedulable: { message: '0/9 nodes are available', ageMs: 20_000 },
        }),
      );
    };
    const kept = (whenNoRoom: 'Block' | 'Dip'): number | undefined =>
      ours(play(full(whenNoRoom)).end.budget)?.minAvailable;
    assert.deepEqual([kept('Block'), kept('Dip')], [9, 8]);
  });

  it('lets a drain take what nobody asks for', () => {
    const shifted = after(covered, spec({ replicas: 0 }), shift('zone-b'), leaveShifted('zone-b-1'));
    const { end } = play(shifted);
    assert.deepEqual([ours(end.budget)?.minAvailable, podsIn(end)], [0, [0, 3, 0]]);
  });

  it('spends one of the zones that may be lost', () => {
    const { survival } = planStation(play(after(covered, shift('zone-b'))).end);
    assert.deepEqual([survival.zones, survival.shiftedZones, survival.lostZones], [0, ['zone-b'], []]);
    assert.equal(survival.worst, undefined);
  });

  it('keeps its pods, and gets no more of them', () => {
    const shifted = after(covered, shift('zone-b'), loseNode('zone-b-1'));
    const { passes, end } = play(shifted);
    assert.ok(!passes.flat().some((step) => step.includes('zone-b')), passes.join('; '));
    assert.equal(end.zones.find(({ name }) => name === 'zone-b')?.pods.length, 3);
  });

  it('that is lost as well spends no second one', () => {
    const lost = after(covered, shift('zone-b'), left('zone-b'), loseZone('zone-b'));
    const { survival, shifts } = planStation(lost);
    assert.deepEqual([survival.lostZones, survival.shiftedZones], [['zone-b'], undefined]);
    assert.equal(shifts[0]?.isLeft, true);
  });

  it('holds up no rollout, and gets the new template last', () => {
    const shifted = play(after(covered, shift('zone-b'))).end;
    const template = { spec: { containers: [{ name: 'grill', image: 'example.org/grill:2' }] } };
    const { passes } = play(after(shifted, spec({ template })));
    const rolled = passes.flat().filter((step) => step.startsWith('rollOut'));
    assert.deepEqual([rolled.length, rolled.at(-1)], [3, 'rollOut zone-b 3']);
  });

  it('lets what was made for it go only once it serves again, and is then as it was', () => {
    for (const before of [covered, bare]) {
      const during = play(after(before, shift('zone-b'))).end;
      const returning = after(
        during,
        endShift('zone-b'),
        zone('zone-b', (each) => ({ ...each, state: 'returning' })),
      );
      const { passes } = play(returning);
      assert.ok(!passes.flat().some((step) => step.startsWith('shrink')), passes.join('; '));
      const { end } = play(
        after(
          returning,
          zone('zone-b', (each) => ({ ...each, state: 'live' })),
        ),
      );
      assert.deepEqual(podsIn(end), podsIn(before));
      assert.deepEqual(planStation(end).survival.shiftedZones, undefined);
    }
  });

  it('counts as served while requests go there yet', () => {
    const { survival } = planStation(after(bare, shift('zone-b')));
    assert.deepEqual([survival.short, survival.pods], [0, 1]);
    const gone = planStation(after(bare, shift('zone-b'), left('zone-b')));
    assert.equal(gone.survival.short, 1);
  });

  it('takes none of the allowance of the others', () => {
    const { minAvailable } =
      planStation(
        after(
          covered,
          shift('zone-b'),
          pods(({ name }) => name === 'zone-b-pod-1', { ready: false, state: 'starting' }),
        ),
      ).steps.find((step) => step.kind === 'applyBudget') ?? {};
    assert.equal(minAvailable, 8);
  });
});

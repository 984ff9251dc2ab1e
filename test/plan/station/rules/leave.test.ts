import assert from 'node:assert/strict';
import type { Snapshot } from '../../../../operator/model/snapshot.ts';
import type { Survive } from '../../../../operator/api/survive.ts';
import { planStation } from '../../../../operator/plan/station/planStation.ts';
import { after, deployment, loseNode, loseZone, pods, spec, zone } from '../../../builders/changes.ts';
import { stepsOf, play } from '../../../builders/play.ts';
import { served } from '../../../builders/served.ts';
import { behindHubs, endShift, left, shift } from '../../../builders/shifted.ts';
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

const whyNot = (snapshot: Snapshot): string | undefined => planStation(snapshot).shifts[0]?.why;
const waits = (snapshot: Snapshot): readonly string[] =>
  planStation(snapshot).waits.map(({ what, why }) => `${what}: ${why}`);
const podsIn = (snapshot: Snapshot): readonly number[] => snapshot.zones.map((each) => each.pods.length);

describe('requests leave a shifted zone', () => {
  it('as soon as the budget sets its pods apart, where the others hold demand', () => {
    const shifted = after(covered, shift('zone-b'));
    assert.deepEqual(stepsOf(shifted), ['budget 9']);
    assert.equal(whyNot(shifted), 'the budget does not set its pods apart yet');
    const { passes, end } = play(shifted);
    assert.deepEqual(passes, [['budget 9']]);
    assert.deepEqual(planStation(end).shifts, [
      { zone: 'zone-b', until: '2026-12-01T13:00:00Z', state: 'on', isLeft: true },
    ]);
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
    assert.equal(whyNot(dipping), 'the budget does not set its pods apart yet');
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

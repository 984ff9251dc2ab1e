import assert from 'node:assert/strict';
import type { Snapshot } from '../../../operator/model/snapshot.ts';
import type { ZoneView } from '../../../operator/model/zone.ts';
import type { PodView, StrangerView } from '../../../operator/model/pod.ts';
import { pictureOf } from '../../../operator/plan/station/picture.ts';
import { isFrozen, sharesOf } from '../../../operator/plan/station/shares.ts';
import {
  addPod,
  after,
  cordon,
  deployment,
  doubt,
  leaveOpen,
  loseNode,
  loseZone,
  named,
  pods,
  spec,
  zone,
} from '../../builders/changes.ts';
import { grownTo, growSteps } from '../../../operator/plan/station/rules/grow.ts';
import type { Change } from '../../builders/changes.ts';
import { inShort, play, stepsOf } from '../../builders/play.ts';
import { served, settled } from '../../builders/served.ts';
import { aStrangerView } from '../../builders/snapshot.ts';

const three = (perZone: readonly [number, number, number], demand = 6, zones = 1): Snapshot =>
  served({
    demand,
    survive: { zones },
    zones: {
      'zone-a': { nodes: 3, pods: perZone[0] },
      'zone-b': { nodes: 3, pods: perZone[1] },
      'zone-c': { nodes: 3, pods: perZone[2] },
    },
  });

const state = (name: string, is: ZoneView['state']): Change => zone(name, (each) => ({ ...each, state: is }));
const full = (name: string): Change => zone(name, (each) => ({ ...each, full: '0/9 nodes are available' }));
const noRoom: Partial<PodView> = {
  state: 'starting',
  node: undefined,
  unschedulable: { message: '0/9 nodes are available', ageMs: 20_000 },
};

/** Shares by zone, then R. */
function shares(snapshot: Snapshot): readonly number[] {
  const { perZone, solution } = sharesOf(snapshot);
  return [...perZone.values(), solution.total];
}

describe('the shares of zones', () => {
  it('are the solver’s where every zone is live', () => assert.deepEqual(shares(three([3, 3, 3])), [3, 3, 3, 9]));

  it('hold one pod more while a Ready stranger has to leave its node, where nothing is spare', () => {
    const total = (snapshot: Snapshot, stranger: Partial<StrangerView>): number =>
      sharesOf({ ...snapshot, strangers: [aStrangerView(stranger)] }).solution.total;
    const bare = three([2, 2, 2], 6, 0);
    assert.equal(total(bare, { leavingMs: 2_000 }), 7);
    assert.equal(total(bare, {}), 6);
    assert.equal(total(bare, { leavingMs: 1_999 }), 6, 'a cordon may be taken back at once');
    assert.equal(total(bare, { leavingMs: 2_000, ready: false }), 6, 'evictions take it without asking');
    assert.equal(total(bare, { leavingMs: 2_000, deletingMs: 0 }), 6);
    assert.equal(total(three([3, 3, 3]), { leavingMs: 2_000 }), 9, 'there are spare ones');
  });

  describe('of which some are lost or back for a moment', () => {
    it('leave these as they are, and spend a declared zone for each', () => {
      for (const gone of ['lost', 'returning'] as const) {
        const one = after(three([3, 3, 3]), state('zone-a', gone));
        assert.deepEqual(
          [...sharesOf(one).perZone],
          [
            ['zone-b', 3],
            ['zone-c', 3],
          ],
        );
        const [held] = pictureOf(one).zones;
        assert.deepEqual([held?.frozen, held?.wanted, held?.owed], [true, 3, []]);
      }
    });

    it('count one that returned when there is no other', () => {
      const back = after(three([3, 3, 3], 6, 0), state('zone-a', 'returning'), loseZone('zone-b'), loseZone('zone-c'));
      assert.deepEqual([...sharesOf(back).perZone], [['zone-a', 6]]);
      assert.deepEqual(
        back.zones.map((each) => isFrozen(each, sharesOf(back))),
        [false, true, true],
      );
    });

    it('do not hold a lost zone that is no longer declared', () => {
      const left = after(three([3, 3, 3]), (snapshot) =>
        zone('zone-a', (each) => ({ ...each, declared: false }))(loseZone('zone-a')(snapshot)),
      );
      assert.equal(pictureOf(left).zones[0]?.wanted, 0);
    });
  });

  describe('of which one is failing', () => {
    const failing = after(three([3, 3, 3]), loseNode('zone-b-1'), loseNode('zone-b-2'), state('zone-b', 'failing'));

    it('give what it is missing to the emptiest others, and spend nothing', () => {
      assert.deepEqual(shares(failing), [4, 1, 4, 9]);
    });

    it('make nothing new in it, and hand over what it lost when that is sure elsewhere', () => {
      const { passes, end } = play(failing);
      assert.deepEqual(passes[0], ['grow zone-a 3→4', 'grow zone-c 3→4']);
      assert.deepEqual(
        end.zones.map(({ pods: all }) => all.length),
        [4, 1, 4],
      );
    });

    it('make it good in place where every other zone is failing, full or lost', () => {
      const nowhere = after(failing, loseZone('zone-a'), state('zone-c', 'failing'));
      assert.deepEqual([...sharesOf(nowhere).perZone.values()], [3, 3]);
    });

    it('do not fill a full zone with it', () => {
      assert.deepEqual(shares(after(failing, full('zone-a'))), [3, 1, 5, 9]);
    });
  });

  describe('of which one may be dying by its Leases', () => {
    const short = three([3, 3, 3], 9, 0);
    const dying = after(short, loseNode('zone-b-1'), doubt('zone-b', 'overdue'));

    it('give what it is missing to the emptiest others', () => {
      assert.deepEqual(shares(dying), [4, 2, 3, 9]);
      assert.deepEqual(stepsOf(dying), ['grow zone-a 3→4']);
    });

    it('give all of a higher share to the others', () => {
      const more = after(short, doubt('zone-b', 'overdue'), spec({ replicas: 12 }));
      assert.deepEqual(shares(more), [5, 3, 4, 12]);
    });

    it('make it good in place where no other zone takes pods', () => {
      const nowhere = after(dying, loseZone('zone-a'), doubt('zone-c', 'overdue'));
      assert.deepEqual([...sharesOf(nowhere).perZone.values()], [5, 4]);
    });

    it('do not grow it while it waits for what else is lost', () => {
      const declared = after(three([3, 3, 3]), doubt('zone-b', 'overdue'), loseNode('zone-b-1'));
      assert.deepEqual(stepsOf(declared), []);
      const more = after(declared, spec({ replicas: 8 }));
      assert.deepEqual(
        stepsOf(more).filter((step) => step.startsWith('grow')),
        ['grow zone-a 3→4', 'grow zone-c 3→4'],
      );
    });
  });

  describe('of which one is closing', () => {
    const leave = (stateMs: number): readonly Change[] =>
      ['zone-b-1', 'zone-b-2', 'zone-b-3'].map((node) => leaveOpen(node, stateMs));
    const closing = after(three([2, 2, 2], 4), ...leave(5_000));

    it('give its share to the others, and keep none there to tell of room', () => {
      assert.deepEqual(shares(closing), [4, 0, 4, 8]);
    });

    it('make nothing there, and hand over what it has when that is sure elsewhere', () => {
      const { passes, end } = play(closing);
      assert.deepEqual(passes[0], ['budget 6', 'grow zone-a 2→4', 'grow zone-c 2→4', 'mark zone-b-pod-1 zone-b-pod-2']);
      assert.deepEqual(
        end.zones.map(({ pods: all }) => all.length),
        [4, 0, 4],
      );
    });

    it('leave it as it is before its nodes are leaving for long enough, whatever the others do', () => {
      assert.deepEqual(shares(after(three([2, 2, 2], 4), ...leave(1_000))), [2, 2, 2, 6]);
      const aToo = ['zone-a-1', 'zone-a-2', 'zone-a-3'].map((node) => leaveOpen(node, 1_000));
      assert.deepEqual(shares(after(closing, ...aToo)).slice(0, 2), [2, 0]);
    });

    it('make nothing anywhere where all are', () => {
      const all = ['zone-a', 'zone-c'].flatMap((name) => [1, 2, 3].map((node) => leaveOpen(`${name}-${node}`)));
      const { passes } = play(after(closing, ...all));
      assert.deepEqual(shares(after(closing, ...all)), [2, 2, 2, 6]);
      assert.deepEqual(
        growSteps(pictureOf(after(closing, ...all, loseNode('zone-a-1')))).map(inShort),
        ['grow zone-a 2→3'],
        'but for what is lost',
      );
      assert.deepEqual(
        passes.flat().filter((step) => step.startsWith('grow')),
        [],
      );
    });
  });

  describe('of which one is full', () => {
    const two = settled(
      after(
        three([3, 3, 1]),
        deployment('zone-c', { replicas: 3 }),
        addPod('zone-c', { name: 'p-1', ...noRoom }),
        addPod('zone-c', { name: 'p-2', ...noRoom }),
        full('zone-c'),
      ),
    );

    it('are solved under its cap, and its pods without room stay', () => {
      assert.deepEqual(shares(two), [5, 5, 3, 11]);
    });

    it('settle there, and do not go back and forth', () => {
      const { passes } = play(two);
      assert.deepEqual(passes, [['grow zone-a 3→5', 'grow zone-b 3→5']]);
    });

    it('count no pod twice that stands in for an owed one, however many zones are full', () => {
      const cordoned = [1, 2, 3].flatMap((node) =>
        ['zone-a', 'zone-b', 'zone-c'].map((name) => cordon(`${name}-${node}`)),
      );
      const waiting = ['zone-a', 'zone-b', 'zone-c'].flatMap((name) => [
        deployment(name, { replicas: 6 }),
        full(name),
        ...[1, 2, 3].map((pod) => addPod(name, { name: `${name}-new-${pod}`, ...noRoom })),
      ]);
      const all = after(three([3, 3, 3]), ...cordoned, ...waiting);
      assert.deepEqual(shares(all), [3, 3, 3, 0]);
      assert.deepEqual(pictureOf(all).zones.map(grownTo), [6, 6, 6]);
    });

    it('give nothing to a zone where a pod has found no node yet', () => {
      const soon = { ...noRoom, unschedulable: { message: 'no node', ageMs: 100 } };
      assert.deepEqual(shares(after(two, addPod('zone-a', { name: 'p-3', ...soon }))), [3, 5, 3, 11]);
    });

    it('are as before once it has room', () => {
      const again = after(
        play(two).end,
        zone('zone-c', (each) => ({ ...each, full: undefined, pods: [] })),
      );
      assert.deepEqual(shares(again), [3, 3, 3, 9]);
    });

    it('count no pods on lost or leaving nodes, and no slow ones, as room', () => {
      const lost = after(two, loseNode('zone-c-1'));
      assert.deepEqual(shares(lost), [6, 6, 3, 12]);
      const slow = after(two, pods(named('zone-c-pod-1'), { state: 'starting', ready: false, slow: true }));
      assert.deepEqual(shares(slow), [6, 6, 3, 12]);
    });

    it('count pods that the scheduler has yet to look at, and those yet to be made', () => {
      const untried = after(two, pods(named('p-1'), { unschedulable: undefined }));
      assert.deepEqual(shares(untried), [4, 4, 3, 10]);
      const unmade = after(two, deployment('zone-c', { replicas: 5 }));
      assert.deepEqual(shares(unmade).at(-1), 9);
    });

    it('take no more than the quota lets it make', () => {
      const refused = after(
        three([3, 3, 1]),
        deployment('zone-c', { replicas: 3, replicaFailure: 'exceeded quota' }),
        full('zone-c'),
      );
      assert.deepEqual(shares(refused), [5, 5, 3, 11]);
    });
  });

  it('ask no full zone for more than it was told while all are full', () => {
    const none = after(three([0, 0, 0]), full('zone-a'), full('zone-b'), full('zone-c'));
    const { perZone, solution } = sharesOf(none);
    assert.deepEqual([...perZone.values()], [3, 3, 3]);
    assert.deepEqual(solution.beyond, ['room']);
    assert.deepEqual(
      [pictureOf(none).reachableTarget, pictureOf(none).target],
      [0, 9],
      'people are told what is wanted',
    );
    const told = after(none, deployment('zone-a', { replicas: 5, replicaFailure: 'quota' }));
    assert.equal(sharesOf(told).perZone.get(told.zones[0]!.name), 5);
  });

  it('keep demand where full zones make the loss of a zone impossible to survive', () => {
    const poor = after(three([1, 1, 0]), full('zone-a'), full('zone-b'), spec({ replicas: 4 }));
    const { perZone, solution } = sharesOf(poor);
    assert.deepEqual(solution.beyond, ['room']);
    assert.ok((perZone.get(poor.zones[2]!.name) ?? 0) >= 2);
  });
});

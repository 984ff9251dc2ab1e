import assert from 'node:assert/strict';
import type { NodeState } from '../../../../operator/model/zone.ts';
import type { PodView } from '../../../../operator/model/pod.ts';
import {
  isLeaving,
  isStray,
  LEAVING_MS,
  owedIn,
  owesLeavingPods,
} from '../../../../operator/plan/station/rules/owed.ts';
import { aPodNode, aPodView, aZone, podViews } from '../../../builders/snapshot.ts';

const lost = aPodNode({ name: 'a1', state: 'lost', lostWithIt: true });
const leavingFor = (stateMs: number): Partial<PodView> => ({
  state: 'leaving',
  node: aPodNode({ name: 'a2', state: 'leaving', stateMs }),
});

describe('the owed pods', () => {
  it('are those lost with their node, Ready or not', () => {
    const pods = [
      aPodView({ name: 'dead', state: 'starting', node: lost }),
      aPodView({ name: 'doubtful', state: 'doubtful', node: aPodNode({ state: 'gone', lostWithIt: true }) }),
      aPodView({ name: 'sure' }),
    ];
    assert.deepEqual(
      owedIn(pods, false).map(({ name }) => name),
      ['dead', 'doubtful'],
    );
  });

  it('are never pods made after their node was lost, or each replacement would ask for another', () => {
    const later = aPodView({ state: 'starting', node: aPodNode({ state: 'lost', lostWithIt: false }) });
    assert.deepEqual(owedIn([later], true), []);
  });

  it('are replacements on a suspect or lost node, which the scheduler knew nothing of, as many as were there before', () => {
    let state: NodeState = 'suspect';
    const on = (name: string, lostWithIt: boolean, over: Partial<PodView> = {}): PodView =>
      aPodView({ name, node: aPodNode({ name: 'a1', state, lostWithIt }), ...over });
    const unready = { state: 'starting', ready: false } as const;
    const there = on('there', true, { state: 'doubtful' });
    const late = [on('late-1', false, unready), on('late-2', false, unready)];
    const names = (pods: readonly PodView[]): readonly string[] => owedIn(pods, false).map(({ name }) => name);
    assert.deepEqual(names([there, ...late]), ['there', 'late-1']);
    assert.deepEqual(
      names([there, on('alive', false, { state: 'doubtful' })]),
      ['there'],
      'a Ready one shows that it lives',
    );
    assert.deepEqual(names(late), []);
    state = 'lost';
    assert.deepEqual(names([on('dead', true, unready), on('late', false, unready)]), ['dead', 'late']);
  });

  it('are pods on leaving nodes only when those are replaced first', () => {
    const pods = [aPodView({ ...leavingFor(LEAVING_MS) })];
    assert.deepEqual(owedIn(pods, false), []);
    assert.deepEqual(owedIn(pods, true), pods);
  });

  it('are never pods that came to a leaving node later, which go astray', () => {
    const on = (leavesWithIt: boolean, stateMs: number): PodView =>
      aPodView({ state: 'leaving', node: aPodNode({ state: 'leaving', stateMs, leavesWithIt }) });
    assert.deepEqual(owedIn([on(false, 5_000)], true), []);
    assert.deepEqual([on(false, 5_000), on(true, 5_000), on(false, 1_000)].map(isStray), [true, false, false]);
    assert.equal(isStray(aPodView({})), false);
  });

  it('are pods on leaving nodes only 2 s after the cordon', () => {
    assert.deepEqual(owedIn([aPodView(leavingFor(1_999))], true), []);
    assert.equal(isLeaving(aPodView(leavingFor(2_000))), true);
    assert.equal(isLeaving(aPodView({ state: 'leaving', node: undefined })), false);
  });
});

describe('whether leaving pods are replaced first', () => {
  const zones = (sure: number, leaving: readonly PodView[]) => [
    aZone({ pods: podViews(sure, { name: 'sure' }) }),
    aZone({ name: 'zone-b', pods: leaving }),
  ];
  const leaving = (many: number, over: Partial<PodView> = {}) => podViews(many, { ...leavingFor(5_000), ...over });
  const table: readonly (readonly [string, number, readonly PodView[], number, boolean])[] = [
    ['not when demand is met without them and the target has room for their loss', 6, leaving(3), 9, false],
    ['when fewer than demand are sure', 5, leaving(3), 9, true],
    ['when the target has no room for their loss', 6, leaving(2), 7, true],
    ['when it has begun: a mark keeps it from turning back', 9, leaving(1, { marked: true }), 12, true],
    [
      'not for a mark on a node that has only just been cordoned',
      9,
      podViews(1, { ...leavingFor(1), marked: true }),
      12,
      false,
    ],
  ];
  for (const [name, sure, pods, target, expected] of table) {
    it(name, () => assert.equal(owesLeavingPods(zones(sure, pods), 6, target), expected));
  }
});

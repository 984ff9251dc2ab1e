import {
  bareDrain,
  everyday,
  nothing,
  oneNode,
  onePod,
  played,
  rolloutUnderEvictions,
  shrinkUnderEvictions,
} from './attacks.ts';
import type { Attack } from './attacks.ts';

/** One change for the worse in the operator's sources, and what is sure to show it. */
export interface Mutant {
  /** What the operator does with it that it must not do. */
  readonly name: string;
  readonly file: string;
  /** Found exactly once in the file, and replaced. */
  readonly find: string;
  readonly replace: string;
  readonly shownBy: Attack;
}

const guard = 'operator/plan/guard.ts';
const shrinkStep = 'operator/plan/shrinkStep.ts';
const shrink = 'operator/plan/shrink.ts';
const protect = 'operator/plan/protect.ts';
const handOver = 'operator/plan/handOver.ts';
const shares = 'operator/plan/shares.ts';
const rollOut = 'operator/plan/rollOut.ts';
const owed = 'operator/plan/owed.ts';

const drainTakenBack: Attack = {
  law: 'rest',
  scenarios: [
    played(
      { nodes: [3], demand: 8, survive: { ...oneNode, pods: 2 } },
      [0, { kind: 'drain', node: 'a2' }],
      [3000, { kind: 'uncordon', node: 'a2' }],
    ),
  ],
};

/** Each breaks one guard. */
export const mutants: readonly Mutant[] = [
  {
    name: 'shrinks whatever would be left',
    file: guard,
    find: 'const trust = { healedMs: shrinkage.healedMs, evenIfMarked: shrinkage.victims };',
    replace: 'return undefined;',
    shownBy: drainTakenBack,
  },
  {
    name: 'shrinks although what is declared would be survived no more',
    file: guard,
    find: 'return lost === undefined ? undefined : { why: lost, lookAgainMs };',
    replace: 'return undefined;',
    shownBy: drainTakenBack,
  },
  {
    name: 'shrinks a zone in which something is in flight',
    file: guard,
    find: 'if (flying !== undefined) return { why: flying, lookAgainMs: undefined };',
    replace: '',
    shownBy: everyday,
  },
  {
    name: 'relies on pods that are Ready only since a moment ago',
    file: guard,
    find: '{ ...trust, evenIfNew: false }',
    replace: '{ ...trust, evenIfNew: true }',
    shownBy: {
      law: 'rest',
      scenarios: [
        played(
          { nodes: [1, 3, 1, 3], demand: 3, survive: nothing, startMs: 1000, slow: 0.9 },
          [0, { kind: 'killNode', node: 'b1' }],
          [82_000, { kind: 'removeNode', node: 'b1' }],
        ),
      ],
      random: ['changes', 'losses'],
      most: 2,
    },
  },
  {
    name: 'shrinks without marks',
    file: shrinkStep,
    find: 'if (unmarked.length > 0) {',
    replace: 'if (unmarked.length > 1000) {',
    shownBy: everyday,
  },
  {
    name: 'shrinks without a last look',
    file: 'operator/apply/recheck.ts',
    find: "return step.kind === 'shrink' || step.kind === 'prune'",
    replace: "return step.kind === 'prune'",
    shownBy: {
      law: 'rest',
      scenarios: [
        played(
          { nodes: [3], demand: 6, survive: nothing },
          [0, { kind: 'missEvents', of: 'node', forMs: 60_000 }],
          [0, { kind: 'removeNode', node: 'a1' }],
          [100, { kind: 'demand', to: 3 }],
        ),
      ],
    },
  },
  {
    name: 'does not set doubtful pods apart',
    file: protect,
    find: "zone.alive.filter((pod) => pod.state === 'doubtful')",
    replace: 'zone.alive.filter(() => false)',
    shownBy: {
      law: 'rest',
      scenarios: [
        played(
          { nodes: [2, 2, 2], demand: 9, survive: { pods: 1, nodes: 1, zones: 1 } },
          [0, { kind: 'removeNode', node: 'a1' }],
          [2500, { kind: 'killNode', node: 'a2' }],
        ),
      ],
      random: ['changes', 'losses'],
      most: 2,
    },
  },
  {
    name: 'does not set the pods apart that a shrink is about to take',
    file: protect,
    find: ', ...(attempt?.reserved ?? [])',
    replace: '',
    shownBy: shrinkUnderEvictions,
  },
  {
    name: 'does not set the pods apart that a ReplicaSet is still to delete',
    file: protect,
    find: 'return rolling ? [] : ready.slice(0, Math.max(0, many));',
    replace: 'return [];',
    shownBy: shrinkUnderEvictions,
  },
  {
    name: 'does not set the surge of a rollout apart',
    file: protect,
    find: 'const surge = surgeUnderWay(picture.zones) + (attempt?.surge ?? 0);',
    replace: 'const surge = 0;',
    shownBy: rolloutUnderEvictions,
  },
  {
    name: 'rolls out to a zone while another is not through',
    file: rollOut,
    find: 'if (held !== undefined) return {',
    replace: "if (held === '') return {",
    shownBy: everyday,
  },
  {
    name: 'owes nothing',
    file: owed,
    find: 'return alive.filter((pod) => pod.node?.lostWithIt === true || (owesLeaving && isLeaving(pod)));',
    replace: 'return [];',
    shownBy: {
      law: 'soon',
      scenarios: [played({ nodes: [3], demand: 6, survive: nothing }, [0, { kind: 'killNode', node: 'a1' }])],
    },
  },
  {
    name: 'leaves a drain to itself where nothing is spare',
    file: owed,
    find: 'return leaving.some((pod) => pod.marked) || sure < demand || target - leaving.length < demand;',
    replace: 'return false;',
    shownBy: bareDrain,
  },
  {
    name: 'hands over before as many as wanted may be counted on',
    file: handOver,
    find: 'if (sure < needed) {',
    replace: 'if (sure < 0) {',
    shownBy: { law: 'made', random: ['changes', 'losses'] },
  },
  {
    name: 'hands over what a quota did not let be made',
    file: handOver,
    find: 'Math.min(zone.replicas, zone.alive.length)',
    replace: 'zone.replicas',
    shownBy: {
      law: 'rest',
      scenarios: [
        played(
          { nodes: [4], demand: 3, survive: { ...oneNode, pods: 2 }, roomPerNode: 3 },
          [0, { kind: 'killNode', node: 'a1' }],
          [1900, { kind: 'quota', pods: 3, zone: 'zone-a' }],
        ),
      ],
    },
  },
  {
    name: 'shrinks as soon as zones are full',
    file: shrink,
    find: 'if (leftMs > 0) return {',
    replace: 'if (leftMs < 0) return {',
    shownBy: { law: 'rest', random: ['changes', 'crowds'], most: 3, isCrowded: true },
  },
  {
    name: 'gives a zone back what it had as soon as it returns',
    file: shares,
    find: "state === 'live' || state === 'failing'",
    replace: "state === 'live' || state === 'failing' || state === 'returning'",
    shownBy: { law: 'heal', random: ['losses'] },
  },
  {
    name: 'calls a zone failing that comes back node by node',
    file: 'operator/observe/zoneTrouble.ts',
    find: "if (state !== 'live' || ageOf(lost) !== undefined) return state;",
    replace: "if (state !== 'live') return state;",
    shownBy: { law: 'heal', random: ['losses'] },
  },
  {
    name: 'lets a bad template be',
    file: 'operator/plan/planStation.ts',
    find: 'tryRollBack, ',
    replace: '',
    shownBy: {
      law: 'rest',
      scenarios: [played({ nodes: [2, 2], demand: 6, survive: onePod }, [0, { kind: 'badTemplate', fault: 'pull' }])],
    },
  },
];

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

/** The scheduler sends pods to dead nodes for half a minute after they are known to be dead. */
const allButOneNodeDie = played(
  { nodes: [6], demand: 6, survive: nothing, newsMs: { node: 30_000 } },
  ...['a1', 'a2', 'a3', 'a4', 'a5'].map((node) => [0, { kind: 'killNode', node }] as const),
);

/** What was made good in the zone itself would be lost with its last node. */
const zoneDiesInTwoSteps = played(
  { nodes: [5, 2], demand: 8, survive: { ...nothing, pods: 4 }, slow: 0 },
  ...['a1', 'a2', 'a3', 'a4'].map((node) => [0, { kind: 'killNode', node }] as const),
  [150_000, { kind: 'killNode', node: 'a5' }],
);

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
    name: 'shrinks before the ReplicaSet can have seen the marks',
    file: shrinkStep,
    find: 'if (youngestMs < MARKED_MS) {',
    replace: 'if (youngestMs < 0) {',
    shownBy: {
      law: 'rest',
      scenarios: [
        played({ nodes: [3], demand: 6, survive: nothing, newsMs: { pod: 450 } }, [
          0,
          { kind: 'removeNode', node: 'a1' },
        ]),
      ],
    },
  },
  {
    name: 'writes a shrink whatever became of the Deployment',
    file: shrinkStep,
    find: "intent: onlyIf(zone.deployment?.resourceVersion ?? '', intent),",
    replace: 'intent,',
    shownBy: {
      law: 'rest',
      scenarios: [
        played(
          { nodes: [3], demand: 8, survive: nothing },
          [0, { kind: 'demand', to: 4 }],
          [500, { kind: 'replaceOperator' }],
          [20_000, { kind: 'demand', to: 8 }],
        ),
      ],
    },
  },
  {
    name: 'lowers the budget before its controller counts what we see',
    file: protect,
    find: '!mayLower(picture, budget)',
    replace: 'budget === null',
    shownBy: {
      law: 'rest',
      scenarios: [
        played({ nodes: [3], demand: 8, survive: nothing, newsMs: { pod: 3000 } }, [0, { kind: 'demand', to: 4 }]),
      ],
    },
  },
  {
    name: 'does not set leaving pods apart that are being replaced',
    file: protect,
    find: "zone.owed.filter((pod) => pod.state === 'leaving')).map((pod) => pod.uid)",
    replace: 'zone.owed.filter(() => false)).map((pod) => pod.uid)',
    shownBy: {
      law: 'once',
      scenarios: [
        played({ nodes: [3], demand: 6, survive: nothing, startMs: 1000 }, [0, { kind: 'drain', node: 'a1' }]),
      ],
    },
  },
  {
    name: 'leaves marks on pods that stay',
    file: 'operator/plan/planStation.ts',
    find: '...unmarkSteps(picture, attempt?.reserved ?? []),',
    replace: '',
    shownBy: {
      law: 'rest',
      scenarios: [
        played(
          { nodes: [3], demand: 6, survive: nothing, startMs: 20_000 },
          [0, { kind: 'drain', node: 'a1' }],
          [4000, { kind: 'uncordon', node: 'a1' }],
          [1000, { kind: 'demand', to: 8 }],
        ),
      ],
    },
  },
  {
    name: 'trusts a node that has only just come back',
    file: shrink,
    find: 'healedMs: HEALED_MS',
    replace: 'healedMs: 0',
    shownBy: {
      law: 'last',
      scenarios: [
        played(
          { nodes: [3], demand: 6, survive: nothing, startMs: 20_000 },
          [0, { kind: 'killNode', node: 'a1' }],
          [60_000, { kind: 'healNode', node: 'a1' }],
          [55_000, { kind: 'killNode', node: 'a1' }],
        ),
      ],
    },
  },
  {
    name: 'counts on pods that no traffic goes to yet',
    file: 'operator/plan/picture.ts',
    find: 'const SERVED_MS = 3_000;',
    replace: 'const SERVED_MS = 0;',
    shownBy: bareDrain,
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
    name: 'owes nothing for lost nodes',
    file: owed,
    find: 'pod.node?.lostWithIt === true',
    replace: 'false',
    shownBy: {
      law: 'soon',
      scenarios: [played({ nodes: [3], demand: 6, survive: nothing }, [0, { kind: 'killNode', node: 'a1' }])],
    },
  },
  {
    name: 'owes for pods that came to a lost node later',
    file: 'operator/observe/pods.ts',
    find: 'lostWithIt: wasLostWith(pod, node),',
    replace: "lostWithIt: node.state === 'lost',",
    shownBy: { law: 'bounded', scenarios: [allButOneNodeDie] },
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
    name: 'sends pods to zones that are full',
    file: shares,
    find: 'zone.full === undefined ? Infinity : holdsIn(zone)',
    replace: 'Infinity',
    shownBy: {
      law: 'rest',
      scenarios: [
        played({ nodes: [1, 3], demand: 4, survive: nothing, roomPerNode: 4 }, [0, { kind: 'demand', to: 12 }]),
      ],
    },
  },
  {
    name: 'gives a zone back what it had as soon as it returns',
    file: shares,
    find: "state === 'live' || state === 'failing'",
    replace: "state === 'live' || state === 'failing' || state === 'returning'",
    shownBy: { law: 'heal', random: ['losses'] },
  },
  {
    name: 'waits for a failing zone to make good what it lost',
    file: shares,
    find: 'if (open.length === 0) return shares;',
    replace: 'return shares;',
    shownBy: { law: 'last', scenarios: [zoneDiesInTwoSteps] },
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

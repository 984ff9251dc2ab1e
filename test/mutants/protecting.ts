import { everyday, nothing, onePod, played, rolloutUnderEvictions, shrinkUnderEvictions } from './attacks.ts';
import type { Mutant } from './mutant.ts';

const protect = 'operator/plan/station/rules/protect.ts';
const rollOut = 'operator/plan/station/rules/rollOut.ts';

/** Operators that do not protect the pods that count while others change. */
export const protecting: readonly Mutant[] = [
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
        played({ nodes: [3], demand: 6, survive: nothing, startMs: 1000 }, [0, { kind: 'drain', node: 'zone-a-1' }]),
      ],
    },
  },
  {
    name: 'leaves marks on pods that stay',
    file: 'operator/plan/station/planStation.ts',
    find: '...unmarkSteps(picture, attempt?.reserved ?? []),',
    replace: '',
    shownBy: {
      law: 'rest',
      scenarios: [
        played(
          { nodes: [3], demand: 6, survive: nothing, startMs: 20_000 },
          [0, { kind: 'drain', node: 'zone-a-1' }],
          [4000, { kind: 'uncordon', node: 'zone-a-1' }],
          [1000, { kind: 'demand', to: 8 }],
        ),
      ],
    },
  },
  {
    name: 'takes a suspect zone for a lost one when it lets pods go',
    file: 'operator/plan/station/guard.ts',
    find: 'const otherwise = asFalseAlarm(picture);',
    replace: 'const otherwise = undefined;',
    shownBy: {
      law: 'rest',
      scenarios: [
        played({ nodes: [1, 1, 1, 1], demand: 4, survive: { ...nothing, zones: 1 }, suspectAfterMs: 25_000 }, [
          0,
          { kind: 'suspect', node: 'zone-b-1', forMs: 60_000 },
        ]),
      ],
    },
  },
  {
    name: 'does not set doubtful pods apart',
    file: protect,
    find: "({ state }) => state === 'doubtful' || (areApart && state === 'shifted')",
    replace: "({ state }) => areApart && state === 'shifted'",
    shownBy: {
      law: 'rest',
      scenarios: [
        played(
          { nodes: [2, 2, 2], demand: 9, survive: { pods: 1, nodes: 1, zones: 1 } },
          [0, { kind: 'removeNode', node: 'zone-a-1' }],
          [2500, { kind: 'killNode', node: 'zone-a-2' }],
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
    name: 'rolls out before the budget has set the surge apart',
    file: rollOut,
    find: 'if (!seen || (budget.minAvailable ?? 0) < minAvailable) {',
    replace: 'if (budget === undefined) {',
    shownBy: {
      law: 'rest',
      scenarios: [
        played(
          { nodes: [2, 2], demand: 8, survive: onePod, slow: 0.9 },
          [0, { kind: 'refuseBudgets', forMs: 60_000 }],
          [0, { kind: 'template' }],
          [0, { kind: 'evictions', many: 12, forMs: 60_000 }],
        ),
      ],
    },
  },
  {
    name: 'rolls out to a zone while another is not through',
    file: rollOut,
    find: 'if (held !== undefined) return {',
    replace: "if (held === '') return {",
    shownBy: everyday,
  },
  {
    name: 'lets a bad template be',
    file: 'operator/plan/station/planStation.ts',
    find: '  tryRollBack,\n',
    replace: '',
    shownBy: {
      law: 'failed',
      scenarios: [played({ nodes: [2, 2], demand: 6, survive: onePod }, [0, { kind: 'badTemplate', fault: 'pull' }])],
    },
  },
];

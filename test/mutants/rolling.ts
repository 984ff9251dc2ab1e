import { nothing, onePod, played } from './attacks.ts';
import type { Attack } from './attacks.ts';
import type { Mutant } from './mutant.ts';

const makeRoom = 'operator/plan/station/rules/makeRoom.ts';
const rollOut = 'operator/plan/station/rules/rollOut.ts';
const stuckZone = 'operator/plan/station/rules/stuckZone.ts';

/** Nine nodes of one pod each: as with a host port. */
const hostPort = { nodes: [3, 3, 3], roomPerNode: 1, survive: { ...nothing, zones: 1 } };

const noPodToSpare: Attack = {
  law: 'rest',
  scenarios: [played({ ...hostPort, demand: 9, survive: nothing }, [0, { kind: 'template' }])],
};
const evictedMeanwhile: Attack = {
  law: 'last',
  scenarios: [
    played(
      { ...hostPort, demand: 8, survive: onePod, slow: 0.9 },
      [0, { kind: 'template' }],
      [58_000, { kind: 'evictions', many: 30, forMs: 60_000 }],
    ),
  ],
};
const mayNotGoBack = [
  [0, { kind: 'refuseRollBacks' }],
  [0, { kind: 'badTemplate', fault: 'unready' }],
] as const;

/** Operators whose rollouts take too much, or hold everything else up. */
export const rolling: readonly Mutant[] = [
  {
    name: 'sets no pod apart for those that go first',
    file: rollOut,
    find: ' + mayGoFirst(zone);',
    replace: ' + 0 * mayGoFirst(zone);',
    shownBy: evictedMeanwhile,
  },
  {
    name: 'lets old pods go first whatever happens meanwhile',
    file: makeRoom,
    find: 'return zone.rolling && lacks > 0 && refusalOf(',
    replace: 'return (zone.rolling && lacks > 0) || undefined === refusalOf(',
    shownBy: {
      law: 'short',
      scenarios: [
        played(
          { ...hostPort, demand: 8, survive: onePod },
          [0, { kind: 'template' }],
          [61_000, { kind: 'restartKubelet', node: 'zone-b-1', forMs: 60_000 }],
        ),
      ],
    },
  },
  {
    name: 'lets an old pod go first before the budget has set it apart',
    file: makeRoom,
    find: 'if (awaited !== undefined) return waitFor(',
    replace: "if (awaited === '') return waitFor(",
    shownBy: {
      law: 'last',
      scenarios: [58_000, 60_000, 60_500].map((ms) =>
        played(
          { ...hostPort, demand: 8, survive: onePod, slow: 0.9 },
          [0, { kind: 'template' }],
          [50_000, { kind: 'refuseBudgets', forMs: 100_000 }],
          [ms - 50_000, { kind: 'evictions', many: 30, forMs: 60_000 }],
        ),
      ),
    },
  },
  {
    name: 'never lets an old pod go first',
    file: makeRoom,
    find: 'const FULL_FOR_MS = 60_000;',
    replace: 'const FULL_FOR_MS = Infinity;',
    shownBy: { law: 'rolled', scenarios: [played({ ...hostPort, demand: 6 }, [0, { kind: 'template' }])] },
  },
  {
    name: 'rolls out past a zone whose new pods find no room',
    file: rollOut,
    find: 'if (hasSure || isOwnFault(picture, zone)) return',
    replace: 'if (isOwnFault(picture, zone)) return',
    shownBy: noPodToSpare,
  },
  {
    name: 'calls no zone stuck',
    file: stuckZone,
    find: 'view.unsettledMs === undefined) return undefined;',
    replace: 'view.unsettledMs !== null) return undefined;',
    shownBy: {
      law: 'rest',
      scenarios: [
        played({ nodes: [2, 2, 2], demand: 6, survive: nothing }, ...mayNotGoBack, [
          60_000,
          { kind: 'drain', node: 'zone-a-1' },
        ]),
        played({ nodes: [2], demand: 6, survive: nothing }, ...mayNotGoBack, [
          60_000,
          { kind: 'drain', node: 'zone-a-1' },
        ]),
      ],
    },
  },
  {
    name: 'plans with less room where an old pod goes first',
    file: 'operator/plan/station/shares.ts',
    find: 'return Math.max(held, placesOf(zone));',
    replace: 'return held;',
    shownBy: {
      law: 'rest',
      scenarios: [played({ ...hostPort, demand: 6 }, [0, { kind: 'template' }])],
    },
  },
  {
    name: 'counts on a pod that a rollout may take first',
    file: 'operator/plan/station/rules/trust.ts',
    find: 'Math.min(kept, pods.length - stillToGo)',
    replace: 'Math.max(0 * kept, pods.length - stillToGo)',
    shownBy: {
      law: 'rest',
      scenarios: [61_000, 63_000, 66_000, 70_000].map((ms) =>
        played(
          { nodes: [3, 3], roomPerNode: 2, demand: 9, survive: { ...nothing, pods: 3 }, slow: 0.9 },
          [0, { kind: 'template' }],
          [ms, { kind: 'demand', to: 6 }],
        ),
      ),
      random: ['changes', 'pressures'],
      most: 4,
      isCrowded: true,
    },
  },
];

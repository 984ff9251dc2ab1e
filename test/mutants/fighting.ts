import { nothing, played } from './attacks.ts';
import type { Attack, Played } from './attacks.ts';
import type { Mutant } from './mutant.ts';

const minuteMs = 60_000;
const threeZones = { nodes: [3, 3, 3], demand: 6, survive: { ...nothing, zones: 1 }, startMs: 2000, slow: 0.1 };
const autoscaler = { kind: 'contest', zone: 'zone-a', most: 2, everyMs: 200, forMs: 30 * minuteMs } as const;

const fought: Attack = { law: 'slow', scenarios: [played(threeZones, [0, autoscaler])] };
const quotaForThreeMinutes: Played = played(
  threeZones,
  [0, { kind: 'quota', pods: 7 }],
  [0, { kind: 'deletePod', index: 0 }],
  [0, { kind: 'deletePod', index: 0 }],
  [3 * minuteMs, { kind: 'quota', pods: Number.POSITIVE_INFINITY }],
);

/** Operators that fight with others, or wait where nobody has to. */
export const fighting: readonly Mutant[] = [
  {
    name: 'writes the same again and again without a pause',
    file: 'operator/apply/pace.ts',
    find: 'const FIRST_MS = 5_000;',
    replace: 'const FIRST_MS = 0;',
    shownBy: fought,
  },
  {
    name: 'makes a count its own that somebody else set',
    file: 'operator/plan/station/rules/grow.ts',
    find: 'return deployment?.owned === undefined || isOwned(deployment.owned, told);',
    replace: 'return true;',
    shownBy: fought,
  },
  {
    name: 'holds up after a fight what demand cannot do without',
    file: 'operator/apply/station/trial.ts',
    find: 'mostMs: isUrgent ? URGENT_MS : undefined',
    replace: 'mostMs: undefined',
    shownBy: {
      law: 'fought',
      scenarios: [16, 18, 20, 22, 24].map((quarters) =>
        played(
          threeZones,
          [0, { ...autoscaler, everyMs: 15_000, forMs: quarters * 15_000 }],
          [quarters * 15_000, { kind: 'killZone', zone: 'zone-b' }],
        ),
      ),
    },
  },
  {
    name: 'leaves a ReplicaSet that was refused its pods to its own back-off',
    file: 'operator/plan/station/rules/tellToTry.ts',
    find: 'const MOST_AT_ONCE = 10;',
    replace: 'const MOST_AT_ONCE = 0;',
    shownBy: { law: 'makes', scenarios: [quotaForThreeMinutes] },
  },
];

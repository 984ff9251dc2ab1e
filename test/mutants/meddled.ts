import { nothing, onePod, played } from './attacks.ts';
import type { Attack } from './attacks.ts';
import type { Mutant } from './mutant.ts';

const quarantined: Attack = {
  law: 'rest',
  scenarios: [0, 1, 2].map((index) =>
    played(
      { nodes: [3], demand: 6, survive: nothing },
      [0, { kind: 'quarantine', index, label: 'template' }],
      [20_000, { kind: 'template' }],
      [60_000, { kind: 'drain', node: 'zone-a-1' }],
      [120_000, { kind: 'drain', node: 'zone-a-2' }],
    ),
  ),
};

const strangerThenLess: Attack = {
  law: 'rest',
  scenarios: [
    played(
      { nodes: [2, 2], demand: 6, survive: onePod },
      [0, { kind: 'strangerComes', node: 'zone-b-1' }],
      [20_000, { kind: 'demand', to: 3 }],
    ),
  ],
};

/** Operators that are misled by what people do to pods and Deployments. */
export const meddled: readonly Mutant[] = [
  {
    name: 'takes pods for its own that no ReplicaSet controls',
    file: 'operator/observe/station/podOwners.ts',
    find: "if (controller?.kind !== 'ReplicaSet') return undefined;",
    replace: "if (controller?.kind !== 'ReplicaSet') return [...names.values()][0];",
    shownBy: quarantined,
  },
  {
    name: 'does not set Ready strangers apart in the budget',
    file: 'operator/plan/station/rules/protect.ts',
    find: 'const apart = surge + readyStrangers(picture);',
    replace: 'const apart = surge;',
    shownBy: strangerThenLess,
  },
  {
    name: 'lowers no budget that counts a stranger',
    file: 'operator/plan/station/rules/protect.ts',
    find: 'const ready = own + readyStrangers(picture);',
    replace: 'const ready = own;',
    shownBy: strangerThenLess,
  },
  {
    name: 'lets a stranger keep its node from being left where nothing is spare',
    file: 'operator/plan/station/shares.ts',
    find: 'survive: withSpare(snapshot),',
    replace: 'survive: station.spec.survive,',
    shownBy: quarantined,
  },
  {
    name: 'leaves a rollout paused that somebody paused',
    file: 'operator/plan/children/deployment.ts',
    find: 'paused: false,',
    replace: '',
    also: {
      file: 'operator/plan/station/rules/stuckZone.ts',
      find: 'view.unsettledMs === undefined) return undefined;',
      replace: 'view.unsettledMs !== null) return undefined;',
    },
    shownBy: {
      law: 'rest',
      scenarios: [
        played(
          { nodes: [2, 2], demand: 6, survive: nothing },
          [0, { kind: 'pauseDeployment', zone: 'zone-a' }],
          [0, { kind: 'template' }],
          [30_000, { kind: 'drain', node: 'zone-a-1' }],
        ),
      ],
    },
  },
];

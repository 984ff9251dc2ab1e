import { bareDrain, everyday, nodeDiesUnderQuota, nothing, oneNode, onePod, played } from './attacks.ts';
import type { Attack } from './attacks.ts';
import type { Mutant } from './mutant.ts';

const guard = 'operator/plan/station/guard.ts';
const shrinkStep = 'operator/plan/station/rules/shrinkStep.ts';
const shrink = 'operator/plan/station/rules/shrink.ts';
const handOver = 'operator/plan/station/rules/handOver.ts';

const drainTakenBack: Attack = {
  law: 'rest',
  scenarios: [
    played(
      { nodes: [3], demand: 8, survive: { ...oneNode, pods: 2 } },
      [0, { kind: 'drain', node: 'zone-a-2' }],
      [3000, { kind: 'uncordon', node: 'zone-a-2' }],
    ),
  ],
};

/** Operators that give up pods too soon. */
export const givingUp: readonly Mutant[] = [
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
          [0, { kind: 'killNode', node: 'zone-b-1' }],
          [82_000, { kind: 'removeNode', node: 'zone-b-1' }],
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
          { kind: 'removeNode', node: 'zone-a-1' },
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
    name: 'trusts a node that has only just come back',
    file: shrink,
    find: 'healedMs: HEALED_MS',
    replace: 'healedMs: 0',
    shownBy: {
      law: 'last',
      scenarios: [
        played(
          { nodes: [3], demand: 6, survive: nothing, startMs: 20_000 },
          [0, { kind: 'killNode', node: 'zone-a-1' }],
          [60_000, { kind: 'healNode', node: 'zone-a-1' }],
          [55_000, { kind: 'killNode', node: 'zone-a-1' }],
        ),
      ],
    },
  },
  {
    name: 'counts on pods that no traffic goes to yet',
    file: 'operator/plan/station/picture.ts',
    find: 'const SERVED_MS = 3_000;',
    replace: 'const SERVED_MS = 0;',
    shownBy: bareDrain,
  },
  {
    name: 'shrinks without a last look',
    file: 'operator/apply/station/steps.ts',
    find: '    isSame: isSameShrink,\n',
    replace: '',
    shownBy: {
      law: 'rest',
      scenarios: [
        played(
          { nodes: [3], demand: 6, survive: nothing },
          [0, { kind: 'missEvents', of: 'node', forMs: 60_000 }],
          [0, { kind: 'removeNode', node: 'zone-a-1' }],
          [100, { kind: 'demand', to: 3 }],
        ),
      ],
    },
  },
  {
    name: 'shrinks before the budget has set the victims apart',
    file: 'operator/plan/station/rules/shrinkStep.ts',
    find: 'if (awaited !== undefined) return {',
    replace: "if (awaited === '') return {",
    shownBy: {
      law: 'rest',
      scenarios: [
        played(
          { nodes: [3], demand: 6, survive: onePod, slow: 0.9 },
          [0, { kind: 'killNode', node: 'zone-a-1' }],
          [52_000, { kind: 'healNode', node: 'zone-a-1' }],
          [1000, { kind: 'refuseBudgets', forMs: 200_000 }],
        ),
      ],
    },
  },
  {
    name: 'counts on pods that a ReplicaSet has been told to delete',
    file: 'operator/plan/station/rules/trust.ts',
    find: 'const stillToGo = Math.max(0, zone.alive.length - zone.replicas - goesFirst);',
    replace: 'const stillToGo = 0 * goesFirst;',
    shownBy: {
      law: 'rest',
      scenarios: [200, 400, 600, 800, 1000, 1200, 1400, 1600].map((ms) =>
        played(
          { nodes: [3, 3], demand: 8, survive: oneNode, slow: 0.9, newsMs: { deployment: 3000, replicaSet: 3000 } },
          [0, { kind: 'demand', to: 4 }],
          [ms, { kind: 'meddle', zone: 'zone-b', to: 0 }],
        ),
      ),
    },
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
    shownBy: { law: 'rest', scenarios: [nodeDiesUnderQuota] },
  },
  {
    name: 'shrinks as soon as zones are full',
    file: shrink,
    find: 'if (leftMs > 0) return {',
    replace: 'if (leftMs < 0) return {',
    shownBy: { law: 'rest', random: ['changes', 'crowds'], most: 3, isCrowded: true },
  },
  {
    name: 'shrinks while a pod is starting',
    file: shrink,
    find: 'if (stuckAt(zone) === undefined && zone.alive.some(isComing)) {',
    replace: 'if (zone.alive.length < 0) {',
    shownBy: {
      law: 'even',
      scenarios: [
        played(
          { nodes: [3], demand: 6, survive: oneNode },
          [0, { kind: 'drain', node: 'zone-a-1' }],
          [60_000, { kind: 'uncordon', node: 'zone-a-1' }],
        ),
      ],
    },
  },
];

import { nothing, oneNode, played } from './attacks.ts';
import type { Attack, Played } from './attacks.ts';
import type { Mutant, Mutation } from './mutant.ts';

const owed = 'operator/plan/station/rules/owed.ts';
const shares = 'operator/plan/station/shares.ts';

const nodesOf = (...zones: readonly string[]): readonly string[] =>
  zones.flatMap((zone) => [1, 2, 3].map((node) => `zone-${zone}-${node}`));

/** The scheduler sends every pod to the one node that is about to go, and the operator starts anew again and again. */
const announced: Played = played(
  { nodes: [2], demand: 6, survive: nothing, packs: true },
  [0, { kind: 'announce', node: 'zone-a-1' }],
  ...Array.from({ length: 6 }, () => [
    [20_000, { kind: 'stopOperator' }] as const,
    [100, { kind: 'startOperator' }] as const,
  ]).flat(),
);

const zoneCordoned = played(
  { nodes: [3, 3, 3], demand: 6, survive: oneNode, tolerates: true },
  ...nodesOf('a').map((node) => [0, { kind: 'drain', node }] as const),
);

const narrowedWhileDrained = played(
  { nodes: [3], demand: 6, survive: nothing, tolerates: true },
  [0, { kind: 'drain', node: 'zone-a-1' }],
  [60_000, { kind: 'narrow' }],
);

const allCordoned = played(
  { nodes: [3, 3, 3], demand: 6, survive: { ...nothing, zones: 1 } },
  ...nodesOf('a', 'b', 'c').map((node) => [0, { kind: 'cordon', node }] as const),
);

/** A node that leaves, without a restart of the operator. */
export const runsAway: Attack = {
  law: 'bounded',
  scenarios: [
    played({ nodes: [2], demand: 6, survive: nothing, packs: true }, [0, { kind: 'announce', node: 'zone-a-1' }]),
  ],
};

export const owesStrays: Mutation = {
  file: owed,
  find: 'owesLeaving && isLeaving(pod) && pod.node?.leavesWithIt === true',
  replace: 'owesLeaving && isLeaving(pod)',
};

/** Operators whose rules feed on the pods that they made. */
export const growing: readonly Mutant[] = [
  {
    name: 'owes for pods that came to a leaving node later',
    ...owesStrays,
    shownBy: { law: 'grows', scenarios: [announced] },
  },
  {
    name: 'follows a rule that feeds on what it made',
    file: 'operator/plan/station/rules/growthBound.ts',
    find: 'if (!isGrowth(step)) return [step];',
    replace: 'return [step];',
    also: owesStrays,
    shownBy: runsAway,
  },
  {
    name: 'takes whatever is on a leaving node for what was there when it began to leave',
    file: 'operator/observe/station/pods.ts',
    find: 'return (pod.boundAt ?? pod.createdAt) <= leaving.at + NEWS_SECONDS;',
    replace: 'return true;',
    shownBy: { law: 'grows', scenarios: [announced] },
  },
  {
    name: 'adds what a full zone was told for owed pods to its share',
    file: shares,
    find: 'Math.max(0, deployment.replicas - owed)',
    replace: 'deployment.replicas',
    shownBy: { law: 'grows', scenarios: [allCordoned] },
  },
  {
    name: 'gives zones that become full one after another what the others miss',
    file: shares,
    find: '(isCapped(zone) || maySoonBeFull(zone))',
    replace: 'isCapped(zone)',
    shownBy: { law: 'grows', scenarios: [allCordoned] },
  },
  {
    name: 'holds back the template that would keep pods off leaving nodes',
    file: 'operator/plan/station/rules/rollOut.ts',
    find: ' && !zone.alive.some(isStray)',
    replace: '',
    shownBy: { law: 'rest', scenarios: [narrowedWhileDrained] },
  },
  {
    name: 'makes pods good in a zone all of whose nodes are about to go',
    file: shares,
    find: 'if (isClosing(zone)) return planned.every(isClosing) ? Infinity : 0;',
    replace: '',
    shownBy: { law: 'rest', scenarios: [zoneCordoned] },
  },
];

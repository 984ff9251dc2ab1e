import { bareDrain, nodeDiesUnderQuota, nothing, oneNode, onePod, played } from './attacks.ts';
import type { Mutant } from './mutant.ts';

const shares = 'operator/plan/station/shares.ts';
const owed = 'operator/plan/station/rules/owed.ts';

/** The scheduler sends pods to dead nodes for half a minute after they are known to be dead. */
const nodes = ['zone-a-1', 'zone-a-2', 'zone-a-3'];
const allButOneNodeDie = nodes.map((last) =>
  played(
    { nodes: [3], demand: 3, survive: nothing, newsMs: { node: 30_000 } },
    ...nodes.filter((node) => node !== last).map((node) => [0, { kind: 'killNode', node }] as const),
  ),
);

/** What was made good in the zone itself would be lost with its last node. */
const zoneDiesInTwoSteps = played(
  { nodes: [5, 2], demand: 8, survive: { ...nothing, pods: 4 }, slow: 0 },
  ...['zone-a-1', 'zone-a-2', 'zone-a-3', 'zone-a-4'].map((node) => [0, { kind: 'killNode', node }] as const),
  [150_000, { kind: 'killNode', node: 'zone-a-5' }],
);

/** Operators that make pods where, when or as many as they must not. */
export const placing: readonly Mutant[] = [
  {
    name: 'owes nothing for lost nodes',
    file: owed,
    find: 'pod.node?.lostWithIt === true',
    replace: 'false',
    shownBy: {
      law: 'soon',
      scenarios: [played({ nodes: [3], demand: 6, survive: nothing }, [0, { kind: 'killNode', node: 'zone-a-1' }])],
    },
  },
  {
    name: 'owes for pods that came to a lost node later',
    file: 'operator/observe/station/pods.ts',
    find: 'lostWithIt: wasLostWith(pod, node),',
    replace: "lostWithIt: node.state === 'lost',",
    shownBy: { law: 'bounded', scenarios: allButOneNodeDie },
  },
  {
    name: 'leaves a drain to itself where nothing is spare',
    file: owed,
    find: 'return leaving.some((pod) => pod.marked) || sure < demand || target - leaving.length < demand;',
    replace: 'return false;',
    shownBy: bareDrain,
  },
  {
    name: 'lets go of a drain once demand is met again',
    file: owed,
    find: 'leaving.some((pod) => pod.marked) || ',
    replace: '',
    shownBy: {
      law: 'once',
      scenarios: [
        played({ nodes: [3], demand: 6, survive: onePod, slow: 0.1 }, [0, { kind: 'drain', node: 'zone-a-1' }]),
      ],
    },
  },
  {
    name: 'grows a zone that has more than it is told to have',
    file: 'operator/plan/station/rules/grow.ts',
    find: 'if (surplus > (zone.rolling ? surgeOf(zone) : 0)) return zone.replicas;',
    replace: '',
    shownBy: { law: 'rest', scenarios: [nodeDiesUnderQuota] },
  },
  {
    name: 'sends pods to zones that are full',
    file: shares,
    find: 'isCapped(zone) ? holdsIn(zone) : Infinity',
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
    file: 'operator/observe/station/zoneTrouble.ts',
    find: "if (state !== 'live' || ageOf(lost) !== undefined) return state;",
    replace: "if (state !== 'live') return state;",
    shownBy: { law: 'heal', random: ['losses'] },
  },
  {
    name: 'evens a zone out again and again',
    file: 'operator/plan/station/rules/evenOut.ts',
    find: 'zone.deployment.evened === text',
    replace: 'false',
    shownBy: {
      law: 'rest',
      scenarios: [played({ nodes: [3], demand: 4, survive: oneNode, packs: true }, [0, { kind: 'demand', to: 5 }])],
    },
  },
];

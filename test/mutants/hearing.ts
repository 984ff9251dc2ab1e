import { nothing, onePod, played } from './attacks.ts';
import type { Played } from './attacks.ts';
import type { Event } from '../../tools/simulate/sim/events.ts';
import type { Mutant } from './mutant.ts';

/** A zone dies, and Kubernetes calls its nodes lost in waves, long before the operator would call them suspect. */
function dying(
  terms: Pick<Played, 'survive'> & Partial<Played>,
  ...events: readonly (readonly [number, Event])[]
): Played {
  return played(
    { nodes: [7, 7, 7], demand: 9, suspectAfterMs: 120_000, tellsForMs: 30_000, ...terms },
    [0, { kind: 'killZone', zone: 'zone-a' }],
    ...events,
  );
}

/** A node is about to go, and evicts its pods 40 s later. */
const noticed = played({ nodes: [3], demand: 9, survive: onePod, noticeMs: 40_000, slow: 0.3 }, [
  0,
  { kind: 'notice', node: 'zone-a-1' },
]);

/** Operators that do not hear what is said of a node. */
export const hearing: readonly Mutant[] = [
  {
    name: 'waits for a taint to evict its pods',
    file: 'operator/observe/nodes/nodes.ts',
    find: 'leavesForAll(object) || eviction !== undefined',
    replace: 'leavesForAll(object)',
    shownBy: {
      law: 'last',
      scenarios: [noticed],
    },
  },
  {
    name: 'takes a toleration for a while for one for good',
    file: 'operator/observe/nodes/tolerations.ts',
    find: 'Math.max(0, tolerationSeconds) * 1000',
    replace: 'Infinity',
    shownBy: {
      law: 'last',
      scenarios: [noticed],
    },
  },
  {
    name: 'knows each node as it was when it came',
    file: 'operator/observe/nodes/watchFleet.ts',
    find: 'if (after !== undefined) fleet.put(after);',
    replace: 'if (after !== undefined) fleet.put(fleet.find(after.name)?.object ?? after);',
    shownBy: {
      law: 'soon',
      scenarios: [played({ nodes: [3], demand: 6, survive: nothing }, [0, { kind: 'killNode', node: 'zone-a-1' }])],
    },
  },
  {
    name: 'replaces the pods of lost nodes in a zone whose other nodes are silent',
    file: 'operator/plan/station/shares.ts',
    find: "state === 'failing' || doubt === 'overdue'",
    replace: "state === 'failing'",
    shownBy: { law: 'dying', scenarios: [dying({ survive: nothing })] },
  },
  {
    name: 'grows a zone that waits for what else is lost there',
    file: 'operator/plan/station/shares.ts',
    find: 'new Map([...shares, ...held])',
    replace: 'new Map(shares)',
    shownBy: {
      law: 'dying',
      scenarios: [dying({ demand: 6, survive: { ...nothing, zones: 1 } }, [58_000, { kind: 'demand', to: 7 }])],
    },
  },
  {
    name: 'asks no Lease before Kubernetes calls a node lost',
    file: 'operator/observe/nodes/zoneDoubt.ts',
    find: 'isMost || silent === up',
    replace: 'isMost',
    shownBy: { law: 'dying', scenarios: [dying({ survive: nothing }, [30_000, { kind: 'demand', to: 12 }])] },
  },
  {
    name: 'hears of no Lease that is overdue',
    file: 'operator/observe/nodes/watchFleet.ts',
    find: 'suspicion.onTurn(recheck),',
    replace: '',
    shownBy: { law: 'dying', scenarios: [dying({ survive: nothing })] },
  },
];

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

/** Operators that do not hear what is said of a node. */
export const hearing: readonly Mutant[] = [
  {
    name: 'waits for a taint to evict its pods',
    file: 'operator/observe/nodes/nodes.ts',
    find: 'leavesForAll(object) || eviction !== undefined',
    replace: 'leavesForAll(object)',
    shownBy: {
      law: 'last',
      scenarios: [
        played({ nodes: [3], demand: 9, survive: onePod, noticeMs: 40_000 }, [0, { kind: 'notice', node: 'zone-a-1' }]),
      ],
    },
  },
  {
    name: 'takes a toleration for a while for one for good',
    file: 'operator/observe/nodes/tolerations.ts',
    find: 'Math.max(0, tolerationSeconds) * 1000',
    replace: 'Infinity',
    shownBy: {
      law: 'last',
      scenarios: [
        played({ nodes: [3], demand: 9, survive: onePod, noticeMs: 40_000 }, [0, { kind: 'notice', node: 'zone-a-1' }]),
      ],
    },
  },
  {
    name: 'replaces the pods of lost nodes in a zone whose other nodes are silent',
    file: 'operator/plan/station/shares.ts',
    find: "state === 'failing' || doubt === 'overdue' || doubt === 'spreading'",
    replace: "state === 'failing' || doubt === 'spreading'",
    shownBy: { law: 'dying', scenarios: [dying({ survive: nothing })] },
  },
  {
    name: 'replaces the pods of lost nodes in a zone that loses node after node',
    file: 'operator/observe/station/zoneDoubt.ts',
    find: "if (lately.length > 1) return 'spreading';",
    replace: '',
    shownBy: {
      law: 'dying',
      scenarios: [
        played({ nodes: [7, 7, 7], demand: 9, survive: nothing, tellsForMs: 30_000 }, [
          0,
          { kind: 'killZone', zone: 'zone-a' },
        ]),
      ],
    },
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
    file: 'operator/observe/station/zoneDoubt.ts',
    find: 'isMost || silence.every((ms) => ms >= STEADY_MS)',
    replace: 'isMost',
    shownBy: { law: 'dying', scenarios: [dying({ survive: nothing }, [30_000, { kind: 'demand', to: 12 }])] },
  },
];

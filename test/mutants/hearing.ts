import { nothing, onePod, played } from './attacks.ts';
import type { Mutant } from './mutant.ts';

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
        played({ nodes: [3], demand: 9, survive: onePod, noticeMs: 40_000, slow: 0.3 }, [
          0,
          { kind: 'notice', node: 'zone-a-1' },
        ]),
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
        played({ nodes: [3], demand: 9, survive: onePod, noticeMs: 40_000, slow: 0.3 }, [
          0,
          { kind: 'notice', node: 'zone-a-1' },
        ]),
      ],
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
];

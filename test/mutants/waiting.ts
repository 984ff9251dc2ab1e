import { nothing, played } from './attacks.ts';
import type { Mutant, Mutation } from './mutant.ts';

/** What waits then waits so long that it shows. */
const longGap: Mutation = {
  file: 'operator/run/controllers.ts',
  find: "concern: 'stations', gapMs: 500",
  replace: "concern: 'stations', gapMs: 600_000",
};

/** Operators that look too late, or not again. */
export const waiting: readonly Mutant[] = [
  {
    name: 'lets a lost node wait like any other news',
    file: 'operator/observe/haste.ts',
    find: "return before?.ready === 'True';",
    replace: 'return false;',
    also: longGap,
    shownBy: {
      law: 'soon',
      scenarios: [
        played(
          { nodes: [3], demand: 6, survive: nothing },
          [0, { kind: 'demand', to: 9 }],
          [20_000, { kind: 'killNode', node: 'zone-a-1' }],
        ),
      ],
    },
  },
  {
    name: 'forgets what happens right after a look',
    file: 'operator/engine/queue.ts',
    find: 'this.addAfter(key, Math.max(this.#gatherMs, overMs - this.#clock.monotonicMs()));',
    replace: 'if (overMs <= this.#clock.monotonicMs()) this.add(key);',
    shownBy: { law: 'rest', random: ['changes', 'losses'], most: 3 },
  },
];

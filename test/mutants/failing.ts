import { nothing, onePod, played } from './attacks.ts';
import type { Attack } from './attacks.ts';
import type { Fault } from '../../tools/simulate/sim/images.ts';
import type { Mutant, Mutation } from './mutant.ts';

const failedRollout = 'operator/plan/station/rules/failedRollout.ts';

/** Where new pods find no room, the rollout waits whosever fault it is, as long as old pods are sure. */
const waitsForOwnFaultsAlone: Mutation = {
  file: 'operator/plan/station/rules/rollOut.ts',
  find: 'if (hasSure || isOwnFault(picture, zone)) return',
  replace: 'if (isOwnFault(picture, zone)) return',
};

function bad(fault: Fault): Attack {
  const terms = { nodes: [2, 2], demand: 6, survive: onePod };
  return { law: 'failed', scenarios: [played(terms, [0, { kind: 'badTemplate', fault }])] };
}

/** Operators that do not see that a template cannot work. */
export const failing: readonly Mutant[] = [
  {
    name: 'takes every pod that is refused for want of room',
    file: failedRollout,
    find: 'return refusedPods(picture, zone) ?? rejected',
    replace: 'return rejected',
    shownBy: bad('refuse'),
  },
  {
    name: 'goes on to the next zone while a template is refused',
    file: failedRollout,
    find: 'return isRefused(picture, zone) || (asksMore',
    replace: 'return (asksMore',
    also: waitsForOwnFaultsAlone,
    shownBy: bad('refuse'),
  },
  {
    name: 'goes on to the next zone while a template finds no node that it asks for',
    file: failedRollout,
    find: '(asksMore(zone) && isUnplaced);',
    replace: 'isUnplaced === undefined;',
    also: waitsForOwnFaultsAlone,
    shownBy: bad('big'),
  },
  {
    name: 'does not look at pods that the kubelet rejects',
    file: 'operator/observe/station/making.ts',
    find: 'const AGAIN_AND_AGAIN = 3;',
    replace: 'const AGAIN_AND_AGAIN = Infinity;',
    shownBy: bad('reject'),
  },
  {
    name: 'waits for ever for a scheduler that is not there',
    file: failedRollout,
    find: ' ?? withoutNode(zone);',
    replace: ';',
    shownBy: bad('scheduler'),
  },
  {
    name: 'does not note what a new template asks for',
    file: 'operator/plan/children/deployment.ts',
    find: 'Object.keys(beyond).length === 0',
    replace: 'Object.keys(beyond).length >= 0',
    shownBy: bad('big'),
  },
  {
    name: 'lets pods of a stuck rollout stand in for lost ones',
    file: 'operator/plan/station/rules/grow.ts',
    find: 'return !ready && (slow',
    replace: 'return false && (slow',
    shownBy: {
      law: 'beside',
      scenarios: [
        played(
          { nodes: [3, 3], demand: 6, survive: nothing },
          [0, { kind: 'badTemplate', fault: 'scheduler' }],
          [240_000, { kind: 'killNode', node: 'zone-a-1' }],
        ),
      ],
    },
  },
  {
    name: 'gives a template that starts slowly ten minutes all the same',
    file: 'operator/plan/station/rules/progressDeadline.ts',
    find: 'Math.max(KUBERNETES_DEADLINE_SECONDS, slowestSeconds)',
    replace: 'Math.min(KUBERNETES_DEADLINE_SECONDS, slowestSeconds)',
    shownBy: {
      law: 'starts',
      scenarios: [played({ nodes: [2, 2], demand: 4, survive: onePod }, [0, { kind: 'slowTemplate' }])],
    },
  },
];

import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

/** Collects all garbage. What a weak reference has given lives until the next turn. */
export async function collectGarbage(): Promise<void> {
  await nextTurn();
  gc();
  await nextTurn();
}

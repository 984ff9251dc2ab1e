import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { APART, networkName } from './network.ts';
import type { Order, Told } from './runProcess.ts';
import type { Outcome } from './tally.ts';

const program = fileURLToPath(new URL('runProcess.ts', import.meta.url));

/**
 * Plays one run in a process of its own, in a network of its own where `isApart`. Resolves and rejects when the process
 * has ended, and all that it had started.
 */
export async function playApart(
  order: Omit<Order, 'apartFrom'>,
  { isApart, signal }: { readonly isApart: boolean; readonly signal: AbortSignal },
): Promise<readonly Outcome[]> {
  const apartFrom = isApart ? await networkName() : null;
  signal.throwIfAborted();
  const [command, ...args] = [...(isApart ? APART : []), process.execPath, program] as const;
  const child = spawn(command ?? '', args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const exit = once(child, 'exit');
  let told: Told | undefined;
  child.once('message', (message) => (told = message as Told));
  const end = (): void => {
    if (child.connected) child.disconnect();
  };
  signal.addEventListener('abort', end, { once: true });
  child.send({ ...order, apartFrom } satisfies Order);
  const [code, killedBy] = (await exit) as [number | null, string | null];
  signal.removeEventListener('abort', end);
  signal.throwIfAborted();
  if (told === undefined) throw new Error(`the process of the run ended with ${killedBy ?? code}`);
  if ('failed' in told) throw new Error(told.failed);
  return told.outcomes;
}

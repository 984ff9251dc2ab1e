import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Attack } from './attacks.ts';
import type { Mutation } from './mutant.ts';

/*
 * A process of its own for one mutant: loads the operator with its changes, in memory alone, and plays until a law is
 * broken. Answers what it saw, and ends.
 */

/** What the process is told, and what it answers. */
export interface Task {
  readonly mutations: readonly Mutation[];
  readonly attacks: readonly Attack[];
  readonly seeds: number;
  readonly runs: number;
}
export interface Outcome {
  /** The broken law in words; undefined when all held. */
  readonly broken: string | undefined;
  readonly played: number;
}

process.once('message', (task: Task) => void perform(task));

async function perform(task: Task): Promise<void> {
  task.mutations.forEach(mutate);
  const { attack } = await import('./attack.ts');
  process.send?.((await attack(task)) satisfies Outcome);
  process.disconnect();
}

function mutate({ file, find, replace }: Mutation): void {
  const source = readFileSync(file, 'utf8');
  if (source.split(find).length !== 2) throw new Error(`${file} must have once, and only once: ${find}`);
  const url = pathToFileURL(file).href;
  registerHooks({
    load: (asked, context, next) => {
      const loaded = next(asked, context);
      return asked === url ? { ...loaded, source: source.replace(find, () => replace) } : loaded;
    },
  });
}

import { Argument, Command, InvalidArgumentError } from 'commander';
import { styleText } from 'node:util';
import { RunError } from '../image/run.ts';
import { defaultName } from '../kind/kind.ts';
import { drawing } from './drawing.ts';
import { experiments } from './experiments.ts';
import type { ExperimentName } from './experiments.ts';
import type { Outcome } from './play.ts';
import { save } from './save.ts';
import { Stage } from './stage.ts';
import { tried } from './tried.ts';
import { twoSentences } from './words.ts';

interface Options {
  readonly name: string;
  readonly rate: number;
  readonly linger: string;
  readonly keepAlive: boolean;
  readonly hub: boolean;
  readonly tries: number;
  readonly save?: boolean;
  readonly keep?: boolean;
}

const names = Object.keys(experiments) as ExperimentName[];
const ended = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ended.abort());

await new Command('experiment')
  .description(
    'Hurt a Kitchen and a plain Deployment of the same demand, side by side and under load, on a kind cluster (npm run kind).',
  )
  .addArgument(new Argument('<names...>', 'one after another').choices([...names, 'all']))
  .option('--name <cluster>', 'which kind cluster', defaultName)
  .option('--rate <number>', 'requests a second to each', whole, 100)
  .option('--linger <duration>', 'how long the app itself goes on answering after SIGTERM', '0s')
  .option('--hub', 'serve the Kitchen through hubs', false)
  .option('--keep-alive', 'reuse connections; else each request opens one', false)
  .option('--tries <number>', 'do it again, this often, when the machine was too busy to judge traffic', whole, 1)
  .option('--save', 'write the figures to docs/experiments')
  .option('--keep', 'leave both services running')
  .action((chosen: readonly string[], options: Options) => experiment(chosen, options).catch(told))
  .parseAsync();

async function experiment(chosen: readonly string[], options: Options): Promise<void> {
  const { name: cluster, rate, keepAlive, hub, linger, tries } = options;
  const isPossible = (name: ExperimentName): boolean => hub || !('needsHub' in experiments[name]);
  const all = names.filter((name) => (chosen.includes('all') ? isPossible(name) : chosen.includes(name)));
  const impossible = all.filter((name) => !isPossible(name));
  if (impossible.length > 0) throw new RunError(`${impossible.join(', ')}: give --hub`, undefined);
  const stage = await Stage.set({ cluster, rate, keepAlive, hub, linger, signal: ended.signal });
  try {
    for (const name of all) {
      const outcome = await tried(stage, name, { tries });
      show(outcome);
      if (options.save === true) await save(outcome);
    }
  } finally {
    if (options.keep !== true) await stage.clear();
    await stage.close();
  }
}

/** Prints an error: one line if the cluster caused it, the stack trace if it is a bug of this program. */
function told(error: unknown): void {
  process.exitCode = ended.signal.aborted ? 130 : 1;
  if (!ended.signal.aborted) console.error(error instanceof RunError ? `experiment: ${error.message}` : error);
}

function show(outcome: Outcome): void {
  console.log(
    `\n${styleText('bold', `${outcome.name}: ${outcome.title}`)}\n\n${drawing(outcome)}\n\n${twoSentences(outcome)}\n`,
  );
}

function whole(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= 1000) return number;
  throw new InvalidArgumentError('it is a whole number from 1 to 1000.');
}

import { Command } from 'commander';
import { durationMs } from '../../operator/api/duration.ts';
import { flagOptions, flagsOf, termsIn } from './flags.ts';
import { checkPlaces } from './places.ts';
import type { Scenario } from './scenario.ts';
import type { Event } from './sim/events.ts';
import type { Terms } from './sim/terms.ts';
import { durationText } from './slots.ts';
import { eventIn, inWords, WordsError, wordsHelp } from './words.ts';

/** What is to be simulated, and for how long; undefined: until nothing changes any more. */
export interface Simulation {
  readonly scenario: Scenario;
  readonly forMs: number | undefined;
}

/** The command line; what is wrong with it is told as commander does. */
export function commandLine(): Command {
  const command = new Command('npm run simulate --')
    .description(
      'Plays what happens to a simulated cluster, with the operator as it is, and tells what it decides and why.',
    )
    .argument('[events...]', "what happens and when, each in quotes: 'kill zone-a-1 at 10s'")
    .addHelpText('after', `\nEvents:\n${wordsHelp()}\n`)
    .showHelpAfterError('(--help lists flags and events)');
  for (const option of flagOptions) command.addOption(option);
  return command;
}

/** What a parsed command line asks for; throws a `WordsError` that says what would be right. */
export function simulationOf(command: Command): Simulation {
  const { terms, forMs } = termsIn(command.opts());
  const timed = command.args.map(timedEvent).toSorted((a, b) => a.atMs - b.atMs);
  checkPlaces(
    terms.nodes,
    timed.map(({ event }) => event),
  );
  checkLeases(
    terms,
    timed.map(({ event }) => event),
  );
  const events = timed.map(({ atMs, event }, index) => ({ afterMs: atMs - (timed[index - 1]?.atMs ?? 0), event }));
  return { scenario: { ...terms, events }, forMs };
}

function checkLeases({ suspectAfterMs }: Terms, events: readonly Event[]): void {
  const about = events.find(({ kind }) => kind === 'refuseLeases' || kind === 'missLeases');
  if (about !== undefined && suspectAfterMs === undefined)
    throw new WordsError(
      `"${inWords(about)}" needs --suspect-after, as 25s: without it the operator watches no Leases`,
    );
}

/** The command that plays the scenario, for a shell. */
export function commandOf(scenario: Scenario): string {
  return ['npm run simulate --', ...argumentsOf(scenario).map(quoted)].join(' ');
}

/** A scenario as the arguments of the command. */
export function argumentsOf({ events, ...terms }: Scenario): readonly string[] {
  let atMs = 0;
  const said = events.map(({ afterMs, event }) => {
    atMs += afterMs;
    return `${inWords(event)} at ${durationText(atMs)}`;
  });
  return [...flagsOf(terms), ...said];
}

function quoted(argument: string): string {
  return /^[\w.,=:-]+$/.test(argument) ? argument : `'${argument}'`;
}

function timedEvent(argument: string): { readonly atMs: number; readonly event: Event } {
  const [, words, at] = /^(.*) at (\S+)$/.exec(argument.trim()) ?? [];
  if (words === undefined || at === undefined) {
    throw new WordsError(`"${argument}" does not say when: put the time after it, as '${argument.trim()} at 10s'`);
  }
  const atMs = durationMs(at);
  if (atMs === undefined) throw new WordsError(`"${at}" in "${argument}" is no time: say 10s, 1500ms or 2m`);
  return { atMs, event: eventIn(words) };
}

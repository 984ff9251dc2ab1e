import * as fc from 'fast-check';
import { commandOf } from '../../tools/simulate/command.ts';
import type { Scenario } from '../../tools/simulate/scenario.ts';

const runs = Number(process.env['KITCHEN_RUNS'] ?? 50);
const seed = Number(process.env['KITCHEN_SEED'] ?? 20_260_102);
const path = process.env['KITCHEN_PATH'];

/**
 * Holds a property against random cases: `KITCHEN_RUNS` of them (50), from `KITCHEN_SEED`. A failure prints the smallest
 * case found with its seed and path; `KITCHEN_SEED=… KITCHEN_PATH=…` with the test's name in `mocha -g` replays it.
 */
export async function check<T>(cases: fc.Arbitrary<T>, holds: (value: T) => void | Promise<void>): Promise<void> {
  const failure = await failureOf(cases, holds);
  if (failure !== undefined) throw new Error(failure.report, { cause: failure.cause });
}

/** Holds a property of cases that are played: a failure also prints the command that plays the smallest one. */
export async function checkPlays<T>(
  cases: fc.Arbitrary<T>,
  holds: (value: T) => Promise<void>,
  playedIn: (value: T) => Scenario,
): Promise<void> {
  const failure = await failureOf(cases, holds);
  if (failure === undefined) return;
  const { smallest, report, cause } = failure;
  const replay = smallest === undefined ? '' : `\n\nTo see what happens: ${commandOf(playedIn(smallest))}`;
  throw new Error(`${report}${replay}`, { cause });
}

/** Holds a property of scenarios. */
export async function checkScenarios(
  cases: fc.Arbitrary<Scenario>,
  holds: (scenario: Scenario) => Promise<void>,
): Promise<void> {
  await checkPlays(cases, holds, (scenario) => scenario);
}

async function failureOf<T>(
  cases: fc.Arbitrary<T>,
  holds: (value: T) => void | Promise<void>,
): Promise<{ readonly report: string; readonly smallest: T | undefined; readonly cause: unknown } | undefined> {
  const property = fc.asyncProperty(cases, async (value) => {
    await holds(value);
  });
  const found = await fc.check(property, { numRuns: runs, seed, ...(path === undefined ? {} : { path }) });
  if (!found.failed) return undefined;
  const report = fc.defaultReportMessage(found) ?? 'the property failed';
  return { report, smallest: found.counterexample?.[0], cause: found.errorInstance };
}

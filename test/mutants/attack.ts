import * as fc from 'fast-check';
import { failsInOneZone, isWholeBesideStuck, startsInTime } from '../property/badTemplates.ts';
import { growsIntoNoDyingZone } from '../property/dying.ts';
import { fightsSlowly, isSoonMade, makesGoodInAFight } from '../property/fights.ts';
import {
  bearsTheLast,
  comesToRest,
  evensOut,
  growsOnce,
  isSoonWhole,
  keepsItsPromise,
  keepsPodsReached,
  makesNoRoomWhenShort,
  rollsOut,
  staysBounded,
} from '../property/laws.ts';
import { healsWithFewestMoves } from '../property/moves.ts';
import { makesNoMore, replacesOnce } from '../property/podsMade.ts';
import {
  absences,
  changes,
  crowded,
  crowds,
  labellings,
  losses,
  mishaps,
  pressures,
  scenarios,
} from '../property/scenario.ts';
import type { Scenario } from '../../tools/simulate/scenario.ts';
import type { Outcome, Task } from './main.ts';
import type { Attack, Law } from './attacks.ts';

const kinds = { changes, labellings, losses, mishaps, pressures, absences, crowds };

const laws: Readonly<Record<Law, (scenario: Scenario) => Promise<void>>> = {
  rest: comesToRest,
  promise: keepsItsPromise,
  soon: isSoonWhole,
  made: makesNoMore,
  once: replacesOnce,
  last: bearsTheLast,
  bounded: staysBounded,
  grows: growsOnce,
  even: evensOut,
  reached: keepsPodsReached,
  failed: failsInOneZone,
  beside: isWholeBesideStuck,
  starts: startsInTime,
  rolled: rollsOut,
  short: makesNoRoomWhenShort,
  slow: fightsSlowly,
  makes: isSoonMade,
  fought: makesGoodInAFight,
  dying: growsIntoNoDyingZone,
  // In the middle of an outage, before anything is evicted, and after all of it.
  heal: (scenario) => healsWithFewestMoves(scenario, scenario.seed % 2 === 0 ? 60_000 : 600_000),
};

/** Plays scenario after scenario until one breaks its law. */
export async function attack({ attacks, seeds, runs }: Task): Promise<Outcome> {
  let played = 0;
  for (const each of attacks) {
    for (const scenario of scenariosOf(each, seeds, runs)) {
      played += 1;
      const broken = await brokenBy(laws[each.law], scenario);
      if (broken !== undefined) return { broken, played };
    }
  }
  return { broken: undefined, played };
}

function* scenariosOf({ scenarios: written = [], random, most = 1, isCrowded }: Attack, seeds: number, runs: number) {
  for (let seed = 1; seed <= seeds; seed += 1) for (const scenario of written) yield { ...scenario, seed };
  if (random === undefined) return;
  const picks = random.flatMap((kind) => kinds[kind]);
  const cases = isCrowded === true ? crowded(picks, most) : scenarios(picks, most);
  yield* fc.sample(cases, { numRuns: runs, seed: 20_260_102 });
}

async function brokenBy(law: (scenario: Scenario) => Promise<void>, scenario: Scenario): Promise<string | undefined> {
  try {
    await law(scenario);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

import * as fc from 'fast-check';
import { checkPlays } from './check.ts';
import { healsWithFewestMoves, withHeal } from './moves.ts';
import { losses, scenarios } from './scenario.ts';

describe('moves after a heal', function () {
  this.timeout(0);

  it('are as few as arithmetic allows, and demand is served all the while', async () => {
    await checkPlays(
      fc.tuple(scenarios(losses, 1), fc.integer({ min: 60_000, max: 900_000 })),
      ([scenario, healAfterMs]) => healsWithFewestMoves(scenario, healAfterMs),
      ([scenario, healAfterMs]) => withHeal(scenario, healAfterMs),
    );
  });
});

import { checkScenarios } from './check.ts';
import { makesNothingOfSilence } from './dying.ts';
import { keepsItsPromise } from './laws.ts';
import { leased, losses, outages, scenarios } from './scenario.ts';

describe('a simulated cluster whose nodes renew Leases', function () {
  this.timeout(0);

  it('serves demand all through any loss that it says it survives', async () => {
    await checkScenarios(leased(scenarios(losses, 1)), keepsItsPromise);
  });

  it('makes nothing of Leases that nobody can renew, or of which it hears nothing', async () => {
    const usual = leased(scenarios(outages, 1)).map((scenario) => ({ ...scenario, suspectAfterMs: 25_000 }));
    await checkScenarios(usual, makesNothingOfSilence);
  });
});

import { checkScenarios } from './check.ts';
import { growsIntoNoDyingZone, makesNothingOfSilence } from './dying.ts';
import { comesToRest, keepsItsPromise } from './laws.ts';
import { absences, changes, hushes, leased, losses, mishaps, outages, scenarios } from './scenario.ts';

describe('a simulated cluster whose nodes renew Leases', function () {
  this.timeout(0);

  it('grows into no zone that is dying, however slowly Kubernetes says so', async () => {
    const all = [...changes, ...losses, ...mishaps, ...hushes, ...absences];
    await checkScenarios(leased(scenarios(all, 4)), growsIntoNoDyingZone);
  });

  it('never goes below demand by itself and comes to rest', async () => {
    await checkScenarios(leased(scenarios([...changes, ...losses, ...mishaps, ...hushes], 3)), comesToRest);
  });

  it('serves demand all through any loss that it says it survives', async () => {
    await checkScenarios(leased(scenarios(losses, 1)), keepsItsPromise);
  });

  it('makes nothing of Leases that nobody can renew, or of which it hears nothing', async () => {
    const usual = leased(scenarios(outages, 1)).map((scenario) => ({ ...scenario, suspectAfterMs: 25_000 }));
    await checkScenarios(usual, makesNothingOfSilence);
  });
});

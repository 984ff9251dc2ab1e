import { checkScenarios } from './check.ts';
import { makesNoMore } from './podsMade.ts';
import { changes, doubts, losses, relabellings, scenarios } from './scenario.ts';

describe('pods made', function () {
  this.timeout(0);

  it('are at most those that one event takes, by kind of event', async () => {
    await checkScenarios(scenarios([...changes, ...losses, ...doubts], 1), makesNoMore);
    await checkScenarios(scenarios(relabellings, 1), makesNoMore);
  });
});

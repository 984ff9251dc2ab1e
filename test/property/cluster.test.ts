import { badTemplates, failsInOneZone } from './badTemplates.ts';
import { checkScenarios } from './check.ts';
import { comesToRest, isSoonWhole, keepsItsPromise } from './laws.ts';
import {
  absences,
  changes,
  crowded,
  crowds,
  doubts,
  hampered,
  hands,
  losses,
  mishaps,
  obstacles,
  pressures,
  scenarios,
  tight,
} from './scenario.ts';

describe('a simulated cluster', function () {
  this.timeout(0);

  it('never goes below demand by itself and comes to rest after one change', async () => {
    await checkScenarios(scenarios(changes, 1), comesToRest);
  });

  it('never goes below demand by itself and comes to rest after one loss', async () => {
    await checkScenarios(scenarios(losses, 1), comesToRest);
  });

  it('never goes below demand by itself and comes to rest after two events close together or far apart', async () => {
    await checkScenarios(scenarios([...changes, ...losses], 2), comesToRest);
  });

  it('never goes below demand by itself and comes to rest whenever the operator stops, starts, is paused or crashes after a write', async () => {
    await checkScenarios(scenarios([...changes, ...losses, ...absences], 4), comesToRest);
  });

  it('never goes below demand by itself and comes to rest whatever happens to machines, quietly or not', async () => {
    await checkScenarios(scenarios([...changes, ...losses, ...mishaps], 3), comesToRest);
  });

  it('never goes below demand by itself and comes to rest whichever nodes are suspect or flap', async () => {
    await checkScenarios(scenarios([...changes, ...losses, ...doubts], 3), comesToRest);
  });

  it('never goes below demand by itself and comes to rest whatever people do to its pods and Deployments', async () => {
    await checkScenarios(scenarios([...changes, ...losses, ...hands], 4), comesToRest);
  });

  it('never goes below demand by itself and comes to rest with events lost, stale leaders and evictions at the worst moments', async () => {
    await checkScenarios(scenarios([...changes, ...losses, ...absences, ...mishaps, ...pressures], 5), comesToRest);
  });

  it('never goes below demand by itself and comes to rest where room is scarce, comes and goes', async () => {
    await checkScenarios(crowded([...changes, ...losses, ...crowds], 3), comesToRest);
  });

  it('gives a template that cannot work to one zone, goes back there, and says so', async () => {
    await checkScenarios(scenarios(badTemplates, 1), failsInOneZone);
  });

  it('never goes below demand by itself and comes to rest where the surge of a rollout finds no room', async () => {
    await checkScenarios(tight([...changes, ...losses, ...absences, ...pressures], 4), comesToRest);
  });

  it('never goes below demand by itself and comes to rest where rollouts get stuck, and nodes are drained all the same', async () => {
    await checkScenarios(hampered([...obstacles, ...losses, ...absences, ...pressures], 5), comesToRest);
  });

  it('serves demand again within a minute and the pods’ start after a node is lost', async () => {
    await checkScenarios(scenarios(losses, 1), isSoonWhole);
  });

  it('serves demand all through any loss that it says it survives', async () => {
    await checkScenarios(scenarios(losses, 1), keepsItsPromise);
  });
});

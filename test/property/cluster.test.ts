import { badTemplates, failsInOneZone } from './badTemplates.ts';
import { check } from './check.ts';
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

  it('never goes below demand by itself and comes to rest after one change', () => {
    check(scenarios(changes, 1), comesToRest);
  });

  it('never goes below demand by itself and comes to rest after one loss', () => {
    check(scenarios(losses, 1), comesToRest);
  });

  it('never goes below demand by itself and comes to rest after two events close together or far apart', () => {
    check(scenarios([...changes, ...losses], 2), comesToRest);
  });

  it('never goes below demand by itself and comes to rest whenever the operator stops, starts, is paused or crashes after a write', () => {
    check(scenarios([...changes, ...losses, ...absences], 4), comesToRest);
  });

  it('never goes below demand by itself and comes to rest whatever happens to machines, quietly or not', () => {
    check(scenarios([...changes, ...losses, ...mishaps], 3), comesToRest);
  });

  it('never goes below demand by itself and comes to rest whichever nodes are suspect or flap', () => {
    check(scenarios([...changes, ...losses, ...doubts], 3), comesToRest);
  });

  it('never goes below demand by itself and comes to rest whatever people do to its pods and Deployments', () => {
    check(scenarios([...changes, ...losses, ...hands], 4), comesToRest);
  });

  it('never goes below demand by itself and comes to rest with events lost, stale leaders and evictions at the worst moments', () => {
    check(scenarios([...changes, ...losses, ...absences, ...mishaps, ...pressures], 5), comesToRest);
  });

  it('never goes below demand by itself and comes to rest where room is scarce, comes and goes', () => {
    check(crowded([...changes, ...losses, ...crowds], 3), comesToRest);
  });

  it('gives a template that cannot work to one zone, goes back there, and says so', () => {
    check(scenarios(badTemplates, 1), failsInOneZone);
  });

  it('never goes below demand by itself and comes to rest where the surge of a rollout finds no room', () => {
    check(tight([...changes, ...losses, ...absences, ...pressures], 4), comesToRest);
  });

  it('never goes below demand by itself and comes to rest where rollouts get stuck, and nodes are drained all the same', () => {
    check(hampered([...obstacles, ...losses, ...absences, ...pressures], 5), comesToRest);
  });

  it('serves demand again within a minute and the pods’ start after a node is lost', () => {
    check(scenarios(losses, 1), isSoonWhole);
  });

  it('serves demand all through any loss that it says it survives', () => {
    check(scenarios(losses, 1), keepsItsPromise);
  });
});

import { check } from './check.ts';
import { makesNoMore } from './podsMade.ts';
import { changes, doubts, losses, relabellings, scenarios } from './scenario.ts';

describe('pods made', function () {
  this.timeout(0);

  it('are at most those that one event takes, by kind of event', () => {
    check(scenarios([...changes, ...losses, ...doubts], 1), makesNoMore);
    check(scenarios(relabellings, 1), makesNoMore);
  });
});

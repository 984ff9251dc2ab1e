import { check } from './check.ts';
import { makesNoMore } from './podsMade.ts';
import { changes, losses, scenarios } from './scenario.ts';

describe('pods made', function () {
  this.timeout(0);

  it('are at most those that one event takes, by kind of event', () => {
    check(scenarios([...changes, ...losses], 1), makesNoMore);
  });
});

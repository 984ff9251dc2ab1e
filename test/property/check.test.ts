import assert from 'node:assert/strict';
import { check, checkScenarios } from './check.ts';
import { losses, scenarios } from './scenario.ts';
import * as fc from 'fast-check';

describe('a property that fails', () => {
  it('tells the smallest case, and the command that plays it', async () => {
    const fails = checkScenarios(scenarios(losses, 1), async ({ demand }) => {
      if (demand > 3) throw new Error('too much');
    });
    await assert.rejects(fails, (error: Error) => {
      assert.match(error.message, /"demand":4/);
      assert.match(error.message, /npm run simulate -- --nodes 1 --demand 4 --survive pods=0,nodes=0,zones=0 /);
      assert.match(String(error.cause), /too much/);
      return true;
    });
  });

  it('tells its smallest case where nothing is played', async () => {
    await assert.rejects(
      check(fc.nat(), (number) => {
        assert.ok(number < 7);
      }),
      /Counterexample: \[7\]/,
    );
  });

  it('tells nothing where it holds', async () => {
    await check(fc.nat(), (number) => {
      assert.ok(number >= 0);
    });
  });
});

import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import type { Outcome, Task } from './main.ts';
import { owesStrays, runsAway } from './growing.ts';
import { mutants } from './mutants.ts';

/*
 * What the properties are worth: each of these changes breaks one guard of the operator, and each must break a law of the
 * simulated cluster. `MUTANT_RUNS` random scenarios are tried at most (400).
 */

const runs = Number(process.env['MUTANT_RUNS'] ?? 400);

function send(task: Task): Promise<Outcome> {
  // What mutated sources cover says nothing about the real ones; where it is merely left out, Node passes it on.
  const env = { ...process.env, NODE_V8_COVERAGE: undefined };
  const child = fork(new URL('main.ts', import.meta.url), { env, serialization: 'advanced' });
  child.send(task);
  return new Promise((resolve, reject) => {
    child.once('message', (outcome) => resolve(outcome as Outcome));
    child.once('error', reject);
    child.once('exit', () => reject(new Error('it ended without a word')));
  });
}

describe('the laws of the simulated cluster', function () {
  this.timeout(0);

  it('hold for the operator as it is, in every scenario that shows a mutant', async () => {
    const attacks = mutants.map(({ shownBy: { law, scenarios = [] } }) => ({ law, scenarios }));
    const { broken } = await send({ mutations: [], attacks, seeds: 1, runs: 0 });
    assert.equal(broken, undefined);
  });

  for (const { name, file, find, replace, also, shownBy } of mutants) {
    it(`are broken by an operator that ${name}`, async () => {
      const mutations = [{ file, find, replace }, ...(also === undefined ? [] : [also])];
      const { broken, played } = await send({ mutations, attacks: [shownBy], seeds: 12, runs });
      assert.ok(broken !== undefined, `${played} scenarios showed nothing`);
    });
  }

  it('bound the growth of an operator whose rule feeds on what it made', async () => {
    const { broken } = await send({ mutations: [owesStrays], attacks: [runsAway], seeds: 12, runs: 0 });
    assert.equal(broken, undefined);
  });
});

import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { ZoneName } from '../../operator/api/zone.ts';
import { solve } from '../../operator/plan/station/solve.ts';
import type { Question, ZoneRoom } from '../../operator/plan/station/solve.ts';
import { check } from './check.ts';

const zone = fc.record({ nodes: fc.nat(5), cap: fc.oneof(fc.constant(Infinity), fc.nat(8)) });

const questions: fc.Arbitrary<Question> = fc.record({
  demand: fc.nat(15),
  survive: fc.record({ pods: fc.nat(3), nodes: fc.nat(3), zones: fc.nat(2) }),
  zones: fc
    .array(zone, { maxLength: 4 })
    .map((zones) => zones.map((each, index): ZoneRoom => ({ ...each, name: `zone-${index}` as ZoneName }))),
  lostZones: fc.nat(2),
});

describe('the solver, for any demand, zones, nodes, losses and caps', function () {
  this.timeout(0);

  it('keeps what can be kept with the least pods, as trying every placement finds them', async () => {
    await check(questions, (question) => {
      const found = leastByTrying(question);
      const { total, beyond } = solve(question);
      if (found === undefined)
        assert.ok(beyond.includes('room'), `${total} was given although no placement has the room`);
      else assert.equal(total, found);
    });
  });

  it('gives a placement that keeps it', async () => {
    await check(questions, (question) => {
      const { perZone, total, beyond } = solve(question);
      const counts = question.zones.map(({ name }) => perZone.get(name) ?? 0);
      assert.equal(sum(counts), total);
      if (!beyond.includes('room')) assert.ok(keeps(question, counts), `${counts.join(', ')} does not keep it`);
    });
  });

  it('keeps zones within one pod of each other, but for full ones, and full ones within their cap', async () => {
    await check(questions, (question) => {
      const { perZone } = solve(question);
      const counts = question.zones.map(({ name, cap }) => ({ count: perZone.get(name) ?? 0, cap }));
      const most = Math.max(0, ...counts.map(({ count }) => count));
      for (const { count, cap } of counts)
        assert.ok(count <= cap && (count >= most - 1 || count === cap), `${count} of ${most}, cap ${cap}`);
    });
  });

  it('does not ask more when the zones come in another order', async () => {
    await check(questions, (question) => {
      const turned = { ...question, zones: question.zones.toReversed() };
      assert.equal(solve(turned).total, solve(question).total);
    });
  });

  it('fills all room there is when that is not enough', async () => {
    await check(questions, (question) => {
      const { total, beyond } = solve(question);
      const room = sum(question.zones.map(({ cap }) => cap));
      if (beyond.includes('room') && room < Infinity) assert.equal(total, room);
    });
  });

  it('does not ask more for less demand', async () => {
    await check(questions, (question) => {
      if (question.demand === 0) return;
      const asked = solve(question);
      const less = solve({ ...question, demand: question.demand - 1 });
      const letsGo = [asked, less].some(({ beyond }) => beyond.includes('room'));
      if (!letsGo) assert.ok(less.total <= asked.total, `${less.total} for less than ${asked.total}`);
    });
  });
});

/** What can be kept of it: there must be a zone, and a node, left. */
function goalOf({ survive, zones, lostZones }: Question): Question['survive'] {
  const nodes = sum(zones.map(nodesOf));
  return {
    pods: survive.pods,
    nodes: Math.max(0, Math.min(survive.nodes, nodes - 1)),
    zones: Math.max(0, Math.min(survive.zones - lostZones, zones.length - 1)),
  };
}

function keeps(question: Question, counts: readonly number[]): boolean {
  const { demand, zones } = question;
  if (demand === 0 || zones.length === 0) return true;
  const goal = goalOf(question);
  const loads = zones.flatMap((each, index) =>
    Array.from({ length: nodesOf(each) }, () => Math.ceil((counts[index] ?? 0) / nodesOf(each))),
  );
  return [fullest(counts, goal.zones), fullest(loads, goal.nodes), goal.pods].every(
    (lost) => sum(counts) - lost >= demand,
  );
}

/** The least total of any placement that is level within the caps; undefined when there is no room for one. */
function leastByTrying(question: Question): number | undefined {
  const { zones } = question;
  if (question.demand === 0 || zones.length === 0) return 0;
  let least: number | undefined;
  for (let level = 0; level <= 4 * question.demand + 8; level += 1) {
    for (let raised = 0; raised < 2 ** zones.length; raised += 1) {
      const counts = zones.map(({ cap }, index) => Math.min(cap, level + ((raised >> index) & 1)));
      const total = sum(counts);
      if ((least === undefined || total < least) && keeps(question, counts)) least = total;
    }
  }
  return least;
}

/** A zone without a node we know of counts as one. */
const nodesOf = ({ nodes }: ZoneRoom): number => Math.max(1, nodes);
const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
const fullest = (loads: readonly number[], many: number): number => sum(loads.toSorted((a, b) => b - a).slice(0, many));

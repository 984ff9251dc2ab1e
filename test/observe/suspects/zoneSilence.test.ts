import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { Suspects } from '../../../operator/observe/suspects/suspects.ts';
import type { NodePlace } from '../../../operator/observe/suspects/suspects.ts';
import { check } from '../../property/check.ts';

/*
 * Plays random fleets second by second. Nodes and zones die and come back, and the API server is away for a while. The
 * result is compared with a simple version of the rule that knows the whole history of renewals.
 */

const after = 25;
const steady = 15;
const atOnce = 25;

interface Absence {
  /** A node, a whole zone, or all: the API server is away. */
  readonly of: 'node' | 'zone' | 'all';
  readonly which: number;
  readonly from: number;
  readonly lasts: number;
}

interface Fleet {
  /** Nodes of each zone. */
  readonly zones: readonly number[];
  readonly most: number;
  readonly phases: readonly number[];
  readonly absences: readonly Absence[];
}

const absence = fc.record({
  of: fc.constantFrom('node' as const, 'zone' as const, 'zone' as const, 'all' as const),
  which: fc.nat(20),
  from: fc.integer({ min: 20, max: 120 }),
  lasts: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constant(1000)),
});
const fleets: fc.Arbitrary<Fleet> = fc.record({
  zones: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 }),
  most: fc.integer({ min: 1, max: 2 }),
  phases: fc.array(fc.nat(9), { minLength: 48, maxLength: 48 }),
  absences: fc.array(absence, { minLength: 1, maxLength: 4 }),
});

interface Member {
  readonly name: string;
  readonly zone: string;
  readonly phase: number;
  /** Seconds of its renewals so far. */
  readonly heard: number[];
}

function membersOf({ zones, phases }: Fleet): readonly Member[] {
  const all = zones.flatMap((nodes, zone) => Array.from({ length: nodes }, () => `zone-${zone}`));
  return all.map((zone, index) => ({ name: `n${index}`, zone, phase: phases[index] ?? 0, heard: [0] }));
}

function strikes({ of, which }: Absence, member: Member, fleet: Fleet): boolean {
  if (of === 'all') return true;
  if (of === 'zone') return member.zone === `zone-${which % fleet.zones.length}`;
  return member.name === `n${which % fleet.zones.reduce((sum, nodes) => sum + nodes, 0)}`;
}

const lastOf = ({ heard }: Member): number => heard.at(-1) ?? 0;

/** Whether it was heard without a break from before that second until now. */
function isSteady({ heard }: Member, since: number, now: number): boolean {
  const times = [...heard, now];
  const gaps = times.map((time, index) => ({ time, gap: index === 0 ? 0 : time - (times[index - 1] ?? 0) }));
  return gaps.every(({ time, gap }) => time <= since || gap <= steady);
}

/** Zones that the rule believes to be dead. */
function believed(
  members: readonly Member[],
  fleet: Fleet,
  state: { readonly now: number; readonly suspects: ReadonlySet<string> },
): readonly string[] {
  const { now, suspects } = state;
  const zones = [...Map.groupBy(members, ({ zone }) => zone)].map(([zone, nodes]) => ({
    zone,
    last: Math.max(...nodes.map(lastOf)),
  }));
  const silent = zones.filter(({ last }) => now - last >= after);
  const others = members.filter(({ name, zone }) => !silent.some((each) => each.zone === zone) && !suspects.has(name));
  return silent
    .filter(({ last }) => silent.filter((each) => Math.abs(each.last - last) <= atOnce).length <= fleet.most)
    .filter(({ last }) => {
      const missed = others.filter((member) => !isSteady(member, last, now)).length;
      return missed < others.length && missed * 10 <= others.length;
    })
    .map(({ zone }) => zone);
}

function holds(fleet: Fleet): void {
  const members = membersOf(fleet);
  const places = new Map<string, NodePlace>(members.map(({ name, zone }) => [name, { zone, isReady: true }]));
  const tracker = new Suspects(after * 1000);
  const fallen = new Set<string>();
  const renew = (member: Member, now: number): void => {
    const { name } = member;
    if (now > 0) member.heard.push(now);
    tracker.seen({ name, renewTime: String(now), renewedAt: now }, now * 1000);
    fallen.delete(name);
  };
  const isAway = (member: Member, now: number): boolean =>
    fleet.absences.some((each) => now >= each.from && now < each.from + each.lasts && strikes(each, member, fleet));
  for (const member of members) renew(member, 0);
  for (let now = 1; now < 300; now += 1) {
    for (const member of members) {
      const due = now % 10 === member.phase || now - lastOf(member) > 10;
      if (due && !isAway(member, now)) renew(member, now);
    }
    const before = new Set(tracker.suspects.keys());
    tracker.judge(places, fleet.most, now * 1000);
    const dead = believed(members, fleet, { now, suspects: before });
    for (const member of members) {
      if (dead.includes(member.zone)) {
        assert.ok(tracker.suspects.has(member.name), `${member.name} at ${now} s: its zone is dead`);
        fallen.add(member.name);
      }
      if (tracker.suspects.has(member.name)) assert.ok(now - lastOf(member) >= after, `${member.name} at ${now} s`);
    }
    const alone = members.filter(({ name }) => tracker.suspects.has(name) && !fallen.has(name));
    for (const first of alone) {
      const together = alone.filter((each) => lastOf(each) >= lastOf(first) && lastOf(each) - lastOf(first) <= atOnce);
      assert.ok(together.length < members.length / 3, `${together.length} of ${members.length} at ${now} s`);
    }
  }
}

describe('the suspects by the Leases of a random fleet', () => {
  it('are all nodes of a zone that died alone, no other node of a third or more, and no node that was heard', async () => {
    await check(fleets, holds);
  });
});

import assert from 'node:assert/strict';
import { findCondition, isGoodNews } from '../../../operator/api/conditions.ts';
import type { Condition, ConditionType } from '../../../operator/api/conditions.ts';
import type { StationStatus } from '../../../operator/api/station.ts';
import type { ShiftState, ShiftView } from '../../../operator/model/shift.ts';
import type { Snapshot } from '../../../operator/model/snapshot.ts';
import { planStation } from '../../../operator/plan/station/planStation.ts';
import { changeEvents } from '../../../operator/report/station/events.ts';
import { stationStatus } from '../../../operator/report/station/status.ts';
import { hurryOf } from '../../../operator/report/hurry.ts';
import { after } from '../../builders/changes.ts';
import { play } from '../../builders/play.ts';
import { served } from '../../builders/served.ts';
import { behindHubs, left, shift } from '../../builders/shifted.ts';

const zones = { 'zone-a': { nodes: 2, pods: 3 }, 'zone-b': { nodes: 2, pods: 3 }, 'zone-c': { nodes: 2, pods: 3 } };
const plain = served({ demand: 6, survive: { zones: 1 }, zones });
const covered = behindHubs(plain);

function statusOf(snapshot: Snapshot): StationStatus {
  return stationStatus({ snapshot, plan: planStation(snapshot), results: [] }, [], '2026-12-01T12:00:00Z');
}

function said(snapshot: Snapshot, type: ConditionType): Condition | undefined {
  return findCondition(statusOf(snapshot).conditions ?? [], type);
}

const inShort = (condition: Condition | undefined): string =>
  condition === undefined ? 'nothing' : `${condition.status} ${condition.reason}: ${condition.message}`;

describe('what a station says of a shift', () => {
  const shifted = play(after(covered, shift('zone-b', { reason: 'slow disks' }))).end;

  it('is nothing without one', () => assert.equal(inShort(said(covered, 'Shifted')), 'nothing'));

  it('is that requests have left, why and until when', () => {
    assert.equal(
      inShort(said(shifted, 'Shifted')),
      'True Left: new requests have left zone-b (slow disks), until 2026-12-01T13:00:00Z',
    );
    assert.deepEqual(statusOf(shifted).shifted, ['zone-b']);
    assert.equal(statusOf(shifted).zoneSummary, 'zone-a 3/3, zone-b 3/3 Shifted, zone-c 3/3');
    assert.equal(statusOf(shifted).survives, '0 more zones, zone-b is shifted');
  });

  it('is that demand is served without the zone, and that a declared loss is spent', () => {
    assert.equal(inShort(said(shifted, 'Available')), 'True DemandServed: 6 ready, demand is 6');
    assert.match(
      inShort(said(shifted, 'Survivable')),
      /^False Cannot: zone-b is shifted: of 1 declared zone 0 more may be lost/,
    );
  });

  it('is why they have not left yet, and what is counted on meanwhile', () => {
    const yet = after(covered, shift('zone-b'));
    assert.match(
      inShort(said(yet, 'Shifted')),
      /^False MakingCapacity: .* go there yet: its pods are not set apart yet: the budget/,
    );
    assert.equal(statusOf(yet).shifted, undefined);
    assert.equal(said(yet, 'Available')?.message, '9 ready, demand is 6');
    assert.match(inShort(said(after(plain, shift('zone-b')), 'Shifted')), /^False PlainService: .*\(spec\.hub\)$/);
  });

  it('is that it is over while the entry stays, and that is no bad news', () => {
    const over = said(
      after(covered, (each) => ({ ...each, shifts: entry('over') })),
      'Shifted',
    );
    assert.match(inShort(over), /^False Over: over: zone-b \(2026-12-01T13:00:00Z\); take it out of spec\.shifts$/);
    assert.ok(over !== undefined && isGoodNews(over));
  });

  const unfollowed: readonly (readonly [ShiftState, RegExp])[] = [
    ['nowhereElse', /^True NowhereElse: spec\.shifts would leave no other zone .*kubectl kitchen shift zone-b --off/],
    ['early', /^True TooLong: spec\.shifts\[zone-b\] ends at 2026-12-01T13:00:00Z, in more than 7 days/],
    ['unknown', /^True UnknownZone: spec\.shifts names zone-b.*correct the name \(this station has zone-a, zone-b/],
    ['elsewhere', /^nothing$/],
  ];
  for (const [state, words] of unfollowed) {
    it(`is why it is not followed: ${state}`, () => {
      const snapshot = after(covered, (each) => ({ ...each, shifts: entry(state) }));
      assert.match(inShort(said(snapshot, 'ShiftNotFollowed')), words);
      assert.equal(inShort(said(snapshot, 'Shifted')), 'nothing');
    });
  }

  it('is written at once, and told by an event when it changes', () => {
    const withStatus = (snapshot: Snapshot, status: StationStatus): Snapshot => ({
      ...snapshot,
      station: { ...snapshot.station, status },
    });
    const before = statusOf(covered);
    const during = statusOf(withStatus(shifted, before));
    assert.equal(hurryOf(before, during), 'mustBeKnown');
    const told = (from: StationStatus, to: StationStatus): readonly string[] =>
      changeEvents({ ...covered.station, status: from }, to).flatMap(({ type, reason, action }) =>
        action === 'Shifted' ? [`${type} ${reason}`] : [],
      );
    assert.deepEqual(told(before, during), ['Normal Left']);
    assert.deepEqual(told(during, during), []);
    const over = statusOf(after(withStatus(covered, during), (each) => ({ ...each, shifts: entry('over') })));
    assert.deepEqual(told(during, over), ['Normal Over']);
    assert.deepEqual(told(before, over), []);
    assert.equal(hurryOf(during, statusOf(withStatus(covered, during))), 'mustBeKnown', 'hubs go by it');
  });

  it('is not that demand is missed while hubs send there yet', () => {
    const bare = behindHubs(
      served({
        demand: 9,
        survive: { pods: 0 },
        zones: { 'zone-a': { nodes: 2, pods: 6 }, 'zone-b': { nodes: 2, pods: 3 } },
      }),
    );
    assert.equal(said(after(bare, shift('zone-b')), 'Available')?.status, 'True');
    assert.equal(said(after(bare, shift('zone-b'), left('zone-b')), 'Available')?.message, '6 ready, demand is 9');
  });
});

function entry(state: ShiftState): readonly ShiftView[] {
  return after(plain, shift('zone-b', { state })).shifts ?? [];
}

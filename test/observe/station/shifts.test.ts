import assert from 'node:assert/strict';
import type { StationSpec } from '../../../operator/api/station.ts';
import type { ZoneName } from '../../../operator/api/zone.ts';
import { FirstSeen } from '../../../operator/engine/memory.ts';
import type { Moment } from '../../../operator/observe/moment.ts';
import { observeShifts } from '../../../operator/observe/station/shifts.ts';
import type { SeenShifts, ShiftSurroundings } from '../../../operator/observe/station/shifts.ts';
import { takeSnapshot } from '../../../operator/observe/station/takeSnapshot.ts';
import { aKey } from '../../builders/aKey.ts';
import { aDeployment } from '../../builders/childObjects.ts';
import { aStation } from '../../builders/kitchen.ts';
import { aNode } from '../../builders/nodeObjects.ts';
import { aPod } from '../../builders/podObjects.ts';
import { pizzeriaWith } from '../../builders/stores.ts';

const noon = Date.parse('2026-12-01T12:00:00Z');
const hourMs = 3_600_000;

const shiftOf = (zone: string, until = '2026-12-01T13:00:00Z'): NonNullable<StationSpec['shifts']>[number] => ({
  zone,
  until,
});

const zone = (name: string, state: ShiftSurroundings['zones'][number]['state'] = 'live', declared = true) =>
  ({ name: name as ZoneName, state, declared }) as const;

function seen(over: Partial<ShiftSurroundings>, moment: Partial<Moment> = {}): SeenShifts {
  const zones = [zone('a'), zone('b'), zone('c')];
  const around = { stationUid: 'uid', shifts: [], left: [], zones, hasNodes: () => false };
  return observeShifts({ ...around, ...over }, { memory: new FirstSeen(), nowMs: 0, wallMs: noon, ...moment });
}

const states = ({ views }: SeenShifts): readonly string[] => views.map((view) => `${view.zone} ${view.state}`);

describe('a shift', () => {
  it('is on until its end, to the millisecond, whatever time zone it is written in', () => {
    const at = (wallMs: number, until?: string): readonly string[] =>
      states(seen({ shifts: [shiftOf('b', until)] }, { wallMs }));
    assert.deepEqual(at(noon), ['b on']);
    assert.deepEqual(at(noon + hourMs - 1), ['b on']);
    assert.deepEqual(at(noon + hourMs), ['b over']);
    assert.deepEqual(at(noon + hourMs, '2026-12-01T14:00:00+01:00'), ['b over']);
    assert.deepEqual(at(noon + hourMs - 1, '2026-12-01T14:00:00+01:00'), ['b on']);
  });

  it('lasts for 7 days at most, and begins later where its end is later', () => {
    const early = seen({ shifts: [shiftOf('b', '2026-12-08T12:00:00.001Z')] });
    assert.deepEqual([states(early), early.states.size], [['b early'], 0]);
    assert.deepEqual(early.lookAgainMs, [1]);
    assert.deepEqual(states(seen({ shifts: [shiftOf('b', '2026-12-08T12:00:00Z')] })), ['b on']);
  });

  it('is over where its end is no time, and where the date is not known', () => {
    assert.deepEqual(states(seen({ shifts: [shiftOf('b', 'soon')] })), ['b over']);
    const { memory, nowMs } = { memory: new FirstSeen(), nowMs: 0 };
    const zones = [zone('a'), zone('b')];
    const around = { stationUid: 'uid', shifts: [shiftOf('b')], left: [], zones, hasNodes: () => false };
    assert.deepEqual(states(observeShifts(around, { memory, nowMs })), ['b over']);
  });

  it('is looked at again when it ends, and each minute, since the date may be set', () => {
    assert.deepEqual(seen({ shifts: [shiftOf('b')] }).lookAgainMs, [60_000]);
    assert.deepEqual(seen({ shifts: [shiftOf('b')] }, { wallMs: noon + hourMs - 5 }).lookAgainMs, [5]);
    assert.deepEqual(seen({ shifts: [shiftOf('b')] }, { wallMs: noon + hourMs }).lookAgainMs, []);
  });

  it('of a zone that the station has not is nothing to it, and unknown where the cluster has none either', () => {
    const hasNodes = (name: ZoneName): boolean => name === 'd';
    const of = (name: string): readonly string[] => states(seen({ shifts: [shiftOf(name)], hasNodes }));
    assert.deepEqual(of('d'), ['d elsewhere']);
    assert.deepEqual(of('e'), ['e unknown']);
    const left = seen({ shifts: [shiftOf('d')], zones: [zone('a'), zone('d', 'live', false)], hasNodes });
    assert.deepEqual([states(left), left.states.size], [['d elsewhere'], 0]);
  });

  it('makes a zone shifted that lives, and leaves a lost one lost', () => {
    for (const state of ['live', 'failing', 'returning'] as const) {
      assert.deepEqual(
        [...seen({ shifts: [shiftOf('b')], zones: [zone('a'), zone('b', state)] }).states],
        [['b', 'shifted']],
      );
    }
    const lost = seen({ shifts: [shiftOf('b')], zones: [zone('a'), zone('b', 'lost')] });
    assert.deepEqual([states(lost), lost.states.size], [['b on'], 0]);
  });

  it('is followed only while another zone lives that is not to be left', () => {
    const all = seen({ shifts: [shiftOf('a'), shiftOf('b'), shiftOf('c')] });
    assert.deepEqual([states(all), all.states.size], [['a nowhereElse', 'b nowhereElse', 'c nowhereElse'], 0]);
    const rest = seen({ shifts: [shiftOf('a'), shiftOf('b')], zones: [zone('a'), zone('b'), zone('c', 'lost')] });
    assert.deepEqual(states(rest), ['a nowhereElse', 'b nowhereElse']);
    const absent = seen({ shifts: [shiftOf('a')], zones: [zone('a'), zone('b', 'absent'), zone('c', 'live', false)] });
    assert.deepEqual(states(absent), ['a nowhereElse']);
    const over = seen({ shifts: [shiftOf('a'), shiftOf('b', '2026-12-01T11:00:00Z')], zones: [zone('a'), zone('b')] });
    assert.deepEqual(states(over), ['a on', 'b over']);
  });

  it('leaves its zone returning for 2 min, whether it ended or was taken out', () => {
    for (const after of [[shiftOf('b', '2026-12-01T11:00:00Z')], []]) {
      const memory = new FirstSeen();
      seen({ shifts: [shiftOf('b')] }, { memory, nowMs: 1_000 });
      const at = (nowMs: number, shifts = after): SeenShifts => seen({ shifts }, { memory, nowMs });
      assert.deepEqual([...at(5_000).states], [['b', 'returning']]);
      assert.deepEqual(at(5_000).lookAgainMs, [120_000]);
      assert.deepEqual([...at(124_999).states], [['b', 'returning']]);
      assert.equal(at(125_000).states.size, 0);
      assert.equal(at(900_000).states.size, 0);
      assert.deepEqual([...at(900_001, [shiftOf('b')]).states], [['b', 'shifted']], 'another one');
    }
  });

  it('leaves its zone returning under a new leader, from when that sees hubs were told to leave it', () => {
    for (const shifts of [[shiftOf('b', '2026-12-01T11:00:00Z')], []]) {
      const memory = new FirstSeen();
      const at = (nowMs: number, left: readonly string[]): SeenShifts => seen({ shifts, left }, { memory, nowMs });
      assert.deepEqual([...at(5_000, ['b']).states], [['b', 'returning']]);
      assert.deepEqual([...at(6_000, []).states], [['b', 'returning']]);
      assert.deepEqual(at(6_000, []).lookAgainMs, [119_000]);
      assert.equal(at(125_000, []).states.size, 0);
    }
  });

  it('leaves its zone returning for as long as hubs are not told to come back', () => {
    const memory = new FirstSeen();
    const at = (nowMs: number): SeenShifts => seen({ left: ['b'] }, { memory, nowMs });
    assert.deepEqual(at(0).lookAgainMs, [120_000]);
    assert.deepEqual([...at(500_000).states], [['b', 'returning']]);
    assert.deepEqual(at(500_000).lookAgainMs, [60_000]);
    assert.deepEqual([...seen({ left: ['b'], shifts: [shiftOf('b')] }).states], [['b', 'shifted']]);
  });

  it('that is renewed while the zone returns shifts it again', () => {
    const memory = new FirstSeen();
    seen({ shifts: [shiftOf('b')] }, { memory, nowMs: 0 });
    seen({}, { memory, nowMs: 1_000 });
    assert.deepEqual([...seen({ shifts: [shiftOf('b')] }, { memory, nowMs: 2_000 }).states], [['b', 'shifted']]);
    assert.deepEqual([...seen({}, { memory, nowMs: 200_000 }).states], [['b', 'returning']]);
  });
});

describe('a station with a shifted zone', () => {
  const shifts = [shiftOf('zone-b')];
  const stores = pizzeriaWith(
    aStation({ shifts }),
    aNode(),
    aNode({ name: 'node-b1', zone: 'zone-b' }),
    aNode({ name: 'node-b2', zone: 'zone-b', unschedulable: true }),
    aDeployment(),
    aDeployment({ zone: 'zone-b' }),
    aPod(),
    ...['b1', 'b2'].map((node) =>
      aPod({ name: `pizzeria-grill-zone-b-rs1-${node}`, node: `node-${node}`, zone: 'zone-b' }),
    ),
    aPod({ name: 'pizzeria-grill-zone-b-rs1-b3', node: 'node-b1', zone: 'zone-b', readyAt: false }),
  );

  it('counts on none of its pods there, those on leaving nodes included', () => {
    const look = (wallMs: number): unknown =>
      takeSnapshot(aKey('food/pizzeria-grill'), stores, { memory: new FirstSeen(), nowMs: 0, wallMs })?.zones.map(
        ({ name, state, pods }) => [name, state, ...pods.map((pod) => pod.state)],
      );
    const sorted = (zones: unknown): unknown => (zones as string[][]).toSorted((a, b) => (a[0]! < b[0]! ? -1 : 1));
    assert.deepEqual(sorted(look(noon)), [
      ['zone-a', 'live', 'sure'],
      ['zone-b', 'shifted', 'shifted', 'shifted', 'starting'],
    ]);
    assert.deepEqual(sorted(look(noon + hourMs)), [
      ['zone-a', 'live', 'sure'],
      ['zone-b', 'live', 'sure', 'leaving', 'starting'],
    ]);
  });

  it('tells of its shifts, and looks again', () => {
    const snapshot = takeSnapshot(aKey('food/pizzeria-grill'), stores, {
      memory: new FirstSeen(),
      nowMs: 0,
      wallMs: noon,
    });
    assert.deepEqual(snapshot?.shifts, [{ ...shiftOf('zone-b'), state: 'on' }]);
    assert.ok((snapshot?.lookAgainMs ?? Infinity) <= 60_000);
  });
});

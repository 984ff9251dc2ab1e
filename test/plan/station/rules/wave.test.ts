import assert from 'node:assert/strict';
import type { Snapshot } from '../../../../operator/model/snapshot.ts';
import type { ZoneDoubt } from '../../../../operator/model/zone.ts';
import { pictureOf } from '../../../../operator/plan/station/picture.ts';
import { waitsForPods } from '../../../../operator/plan/station/rules/waits.ts';
import { DOUBT_MS, WAVE_MS, waveLeftMs } from '../../../../operator/plan/station/rules/wave.ts';
import { after, cordon, doubt, loseNode, loseZone, mark, spec, zone } from '../../../builders/changes.ts';
import type { Change } from '../../../builders/changes.ts';
import { stepsOf } from '../../../builders/play.ts';
import { served } from '../../../builders/served.ts';

const surviving = (zones: number): Snapshot =>
  served({
    demand: 6,
    survive: { zones },
    zones: {
      'zone-a': { nodes: 3, pods: 3 },
      'zone-b': { nodes: 3, pods: 3 },
      'zone-c': { nodes: 3, pods: 3 },
    },
  });
const left = (snapshot: Snapshot): number => waveLeftMs(snapshot.zones[0]!, snapshot);
const lost = (name: string, ms: number): Change => loseNode(name, ms);

describe('a loss that may be the first of a zone’s', () => {
  it('is not made good before 6 s after the newest of them', () => {
    const one = after(surviving(1), lost('zone-a-1', 2_000));
    assert.deepEqual([left(one), stepsOf(one)], [4_000, []]);
    const two = after(one, lost('zone-a-2', 500));
    assert.equal(left(two), 5_500);
    const over = after(surviving(1), lost('zone-a-1', WAVE_MS));
    assert.deepEqual([left(over), stepsOf(over)], [0, ['grow zone-a 3→4']]);
  });

  it('asks for nothing elsewhere meanwhile, though the zone is failing', () => {
    const failing = zone('zone-a', (each) => ({ ...each, state: 'failing' }));
    const two = after(surviving(1), lost('zone-a-1', 1_000), lost('zone-a-2', 1_000), failing);
    assert.deepEqual(stepsOf(two), []);
    const over = after(surviving(1), lost('zone-a-1', WAVE_MS), lost('zone-a-2', WAVE_MS), failing);
    assert.deepEqual(stepsOf(over), ['grow zone-b 3→4', 'grow zone-c 3→4']);
  });

  it('costs nothing more when the zone goes', () =>
    assert.deepEqual(stepsOf(after(surviving(1), loseZone('zone-a'))), []));

  it('is made good at once where the loss of a zone is not declared, spent, or demand is short', () => {
    const loss = lost('zone-a-1', 0);
    assert.equal(left(after(surviving(0), loss)), 0);
    assert.equal(left(after(surviving(1), loseZone('zone-b'), loss)), 0);
    assert.equal(left(after(surviving(1), loss, spec({ replicas: 9 }))), 0);
  });

  it('waits longer where the zone may be dying: for the last of its nodes, or for other zones', () => {
    const loss = lost('zone-a-1', 2_000);
    const rows: readonly (readonly [number, ZoneDoubt, number])[] = [
      [1, 'overdue', DOUBT_MS - 2_000],
      [1, 'untold', DOUBT_MS - 2_000],
      [0, 'overdue', WAVE_MS - 2_000],
      [0, 'untold', DOUBT_MS - 2_000],
    ];
    for (const [zones, why, leftMs] of rows)
      assert.equal(left(after(surviving(zones), loss, doubt('zone-a', why))), leftMs, `${zones} declared, ${why}`);
    const spare = after(surviving(0), spec({ survive: { pods: 3, nodes: 0, zones: 0 } }), doubt('zone-a', 'overdue'));
    assert.deepEqual(stepsOf(after(spare, loss)), []);
    assert.deepEqual(stepsOf(after(spare, lost('zone-a-1', WAVE_MS))), ['grow zone-b 3→4']);
  });

  it('is not waited for in a zone that may be dying while demand is short: other zones make it good', () => {
    const short = after(surviving(1), lost('zone-a-1', 0), doubt('zone-a', 'overdue'), spec({ replicas: 9 }));
    assert.equal(left(short), 0);
    const steps = stepsOf(short);
    assert.deepEqual(
      steps.filter((step) => step.startsWith('grow')),
      ['grow zone-b 3→6', 'grow zone-c 3→6'],
    );
  });

  it('is the loss of the zone when no other node is there', () => {
    const single = served({ demand: 2, survive: { zones: 1 }, zones: { 'zone-a': { nodes: 1, pods: 2 } } });
    assert.equal(left(after(single, lost('zone-a-1', 0))), 0);
  });

  it('does not keep pods on leaving nodes waiting', () => {
    const both = after(surviving(1), lost('zone-a-1', 0), cordon('zone-a-2'), mark('zone-a-pod-2'));
    assert.ok(stepsOf(both).includes('grow zone-a 3→4'), stepsOf(both).join(', '));
  });

  it('is said, with when it is looked at again', () => {
    const one = after(surviving(1), lost('zone-a-1', 2_000));
    assert.deepEqual(waitsForPods(pictureOf(one)), [
      {
        what: 'make 1 pod good in zone-a',
        why: 'its other nodes may be lost too, and then nothing has to be made',
        lookAgainMs: 4_000,
      },
    ]);
  });
});

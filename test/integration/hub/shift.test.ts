import assert from 'node:assert/strict';
import { playShift } from '../../../tools/bench/shift/play.ts';
import type { Phase } from '../../../tools/bench/shift/play.ts';
import { shiftRows } from '../../../tools/bench/shift/rows.ts';
import type { ShiftRow } from '../../../tools/bench/shift/rows.ts';
import { throughHubs } from '../../../tools/bench/shift/shift.ts';
import { envoyBinary, hasEnvoy } from '../../../tools/envoy/binary.ts';

describe('a slow zone behind real Envoys', function () {
  this.timeout(120_000);
  let rows: ReadonlyMap<Phase, ShiftRow>;

  before(async function () {
    if (!hasEnvoy) this.skip();
    this.timeout(300_000);
    await envoyBinary((line) => console.error(line));
    const { signal } = new AbortController();
    // No request is given up: a busy machine is no fault.
    const played = await playShift({ way: throughHubs, rate: 60, seconds: 3, answerMs: 20, timeoutMs: 60_000, signal });
    rows = new Map(shiftRows('hub', played).map((row) => [row.phase, row]));
  });

  it('gets requests until it is shifted, none then, and some again when that is over', () => {
    const inZone = (phase: Phase): number => rows.get(phase)?.inZone ?? -1;
    assert.ok(inZone('well') > 0 && inZone('slow') > 0 && inZone('over') > 0);
    assert.equal(inZone('shifted'), 0);
  });

  it('fails no request, not even of those that are under way there when they are led elsewhere', () => {
    for (const { phase, sent, failed } of rows.values()) assert.deepEqual([phase, sent, failed], [phase, 180, 0]);
  });
});

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeResult } from '../../../tools/bench/resultFile.ts';
import { goOnWith, missing } from '../../../tools/bench/traffic/record.ts';
import type { TrafficResult } from '../../../tools/bench/traffic/result.ts';
import { aRow, conditions } from './rows.ts';

describe('the file of the traffic benchmark', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kitchen-record-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('gives back its rows to a call that goes on', async () => {
    const file = join(folder, 'traffic.json');
    const rows = [aRow(), aRow({ method: 'POST', failed: 2, causes: { 503: 2 }, p50Ms: null })];
    const result: TrafficResult = { measured: '2026-12-01', ...conditions, rows };
    await writeResult(file, result);
    assert.deepEqual(await goOnWith(file, conditions), rows);
    assert.deepEqual(await goOnWith(join(folder, 'none.json'), conditions), []);
    await assert.rejects(
      goOnWith(file, { ...conditions, rate: 100, commit: 'def' }),
      /traffic\.json cannot be gone on with: commit: abc in the file, def now; rate: 300 in the file, 100 now\./,
    );
  });

  it('lacks the runs that have no row', () => {
    const run = { fault: 'node-killed', who: 'hub', run: 1 } as const;
    const others = [
      { ...run, run: 2 },
      { ...run, who: 'nginx' },
      { ...run, fault: 'calm' },
    ] as const;
    assert.deepEqual(missing([run, ...others], [aRow()]), others);
  });
});

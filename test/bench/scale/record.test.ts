import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeResult } from '../../../tools/bench/resultFile.ts';
import { differences, goOnWith, missing } from '../../../tools/bench/scale/record.ts';
import { aResult, aZoneRow, conditions } from './rows.ts';

describe('the file of a benchmark', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kitchen-record-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('gives back its rows to a call that goes on, and leaves nothing beside it', async () => {
    const file = join(folder, 'same.json');
    const result = aResult([aZoneRow({ who: 'floor' }), aZoneRow({ who: 'now' })]);
    await writeResult(file, result);
    const { against, rows } = await goOnWith(file, { ...conditions, against: null });
    assert.deepEqual([against, rows], [conditions.against, result.rows]);
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.endsWith('.new')),
      [],
    );
  });

  it('may not exist yet', async () => {
    assert.deepEqual((await goOnWith(join(folder, 'none.json'), conditions)).rows, []);
  });

  it('is refused when it is of another commit, and when it is none', async () => {
    const file = join(folder, 'other.json');
    await writeResult(file, aResult([]));
    await assert.rejects(
      goOnWith(file, { ...conditions, commit: 'def' }),
      /other\.json .*commit: abc in the file, def now/,
    );
    for (const text of ['{', '[]', '{"sizes": []}']) {
      await writeFile(file, text);
      await assert.rejects(goOnWith(file, conditions), /other\.json is no result of this benchmark/);
    }
  });
});

describe('conditions', () => {
  it('differ by settings too', () => {
    assert.deepEqual(differences(conditions, { ...conditions, workers: 8, cores: 4 }), [
      'cores: 2 in the file, 4 now',
      'workers: null in the file, 8 now',
    ]);
  });

  it('do not differ when an older commit is compared only now, or no more', () => {
    const without = { ...conditions, against: null };
    assert.deepEqual(differences(without, conditions), []);
    assert.deepEqual(differences(conditions, without), []);
    assert.equal(differences(conditions, { ...conditions, against: 'other' }).length, 1);
  });
});

describe('runs that are missing', () => {
  it('are those without a row, whether it failed or not', () => {
    const run = { kind: 'zone', kitchens: 100, namespaces: 1, who: 'now', run: 1 } as const;
    const others = [
      { ...run, run: 2 },
      { ...run, kind: 'calm' },
      { ...run, namespaces: 30 },
    ] as const;
    assert.deepEqual(missing([run, ...others], [aZoneRow({ who: 'now' })]), others);
    assert.deepEqual(missing([run], [{ ...run, wholeS: null, failed: 'the operator stopped' }]), []);
  });
});

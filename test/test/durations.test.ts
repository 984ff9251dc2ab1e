import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { inOrder } from '../../tools/test/durations.ts';
import { allJobs, kindJobs } from '../../tools/test/jobs.ts';
import type { Job, Load } from '../../tools/test/jobs.ts';

describe('the order of test files', () => {
  const aJob = (title: string, load: Load): Job => ({ title, load, files: [], isCovered: false });

  it('has the longest first, and before them what never ran', () => {
    const jobs = [aJob('drains', 'waits'), aJob('losses', 'waits'), aJob('new', 'waits')];
    const ordered = inOrder(jobs, { drains: 5, losses: 60 });
    assert.deepEqual(
      ordered.map(({ title }) => title),
      ['new', 'losses', 'drains'],
    );
  });

  it('has before all others those of which few may run at once', () => {
    const ordered = inOrder([aJob('drains', 'waits'), aJob('crashes', 'timed'), aJob('units', 'cpu')], { drains: 900 });
    assert.deepEqual(
      ordered.map(({ title }) => title),
      ['units', 'crashes', 'drains'],
    );
  });
});

describe('the jobs of npm test', () => {
  it('have a title each, by which durations are kept', () => {
    const titles = [...allJobs(), ...kindJobs()].map(({ title }) => title);
    assert.equal(new Set(titles).size, titles.length);
  });

  it('have every test file once', () => {
    const files = [...allJobs(), ...kindJobs()].flatMap((job) => job.files);
    assert.deepEqual(files.toSorted(), globSync('test/**/*.test.ts').toSorted());
  });
});

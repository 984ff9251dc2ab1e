import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { longestFirst } from '../../tools/test/durations.ts';
import { allJobs, kindJobs } from '../../tools/test/jobs.ts';

describe('the order of test files', () => {
  it('has the longest first, and before them what never ran', () => {
    const [a, b, c] = allJobs();
    assert.ok(a !== undefined && b !== undefined && c !== undefined);
    assert.deepEqual(longestFirst([a, b, c], { [a.title]: 5, [b.title]: 60 }), [c, b, a]);
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

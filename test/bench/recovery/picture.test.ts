import assert from 'node:assert/strict';
import { recoveryPicture } from '../../../tools/bench/recovery/picture.ts';
import type { RecoveryResult, SubjectResult } from '../../../tools/bench/recovery/result.ts';
import { recoveryTable } from '../../../tools/bench/recovery/table.ts';

function aSubject(parts: Partial<SubjectResult>): SubjectResult {
  return {
    name: 'plain',
    title: 'Deployment',
    pods: 12,
    least: 12,
    podSeconds: 0,
    belowSeconds: 0,
    wholeSeconds: 0,
    made: 0,
    writes: { operator: 0, controlPlane: 0 },
    zones: { 'zone-a': 6, 'zone-b': 6 },
    curve: [[0, 12]],
    ...parts,
  };
}

const result: RecoveryResult = {
  measured: '2026-01-01',
  commit: 'abc',
  kubernetes: 'v1.37.2',
  cores: 2,
  sideBySide: 2,
  podStartSeconds: 2,
  graceSeconds: 50,
  tolerationSeconds: 300,
  limitSeconds: 480,
  demand: 12,
  scenarios: [
    {
      name: 'partial-zone',
      title: '3 of 5 nodes die',
      note: 'a-1, a-2, a-3',
      seconds: 480,
      subjects: [
        aSubject({
          name: 'kitchen',
          title: 'Kitchen',
          pods: 18,
          least: 15,
          wholeSeconds: 53.2,
          curve: [
            [0, 18],
            [1, 15],
            [53.2, 18],
          ],
        }),
        aSubject({
          least: 9,
          podSeconds: 1437,
          belowSeconds: 479,
          wholeSeconds: null,
          curve: [
            [0, 12],
            [1, 9],
          ],
        }),
      ],
    },
  ],
};

describe('the table of recovery', () => {
  const text = recoveryTable(result);

  it('says which subject dipped for how long, and which is still short', () => {
    assert.match(text, /Kitchen\s+18\s+15\s+-\s+-\s+53\.2 s\s/);
    assert.match(text, /Deployment\s+12\s+9\s+479 s\s+1437\s+still short after 480 s\s/);
  });

  it('gives a scenario a line of its own, with what was hit', () => {
    assert.match(text, /^3 OF 5 NODES DIE {2}a-1, a-2, a-3$/m);
  });
});

describe('the picture of recovery', () => {
  const svg = recoveryPicture(result);

  it('draws a line for each subject, and an area only for one that was below demand', () => {
    assert.equal(svg.match(/<path class="l kitchen"/g)?.length, 2, 'one in the legend, one in the panel');
    assert.equal(svg.match(/class="area a-plain"/g)?.length, 1);
    assert.equal(svg.match(/class="area a-kitchen"/g), null);
  });

  it('says which subject was never below demand, and which was to the end', () => {
    assert.match(svg, /t-kitchen" dx="4">never</);
    assert.match(svg, /t-plain" dx="4">479 s…</);
  });
});

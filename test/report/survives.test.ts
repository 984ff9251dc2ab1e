import assert from 'node:assert/strict';

import type { ZoneName } from '../../operator/api/zone.ts';
import type { Survival } from '../../operator/model/plan.ts';
import { survivesInWords } from '../../operator/report/survives.ts';
import { aSurvival } from '../builders/plan.ts';

describe('what is survived, in words', () => {
  const b = 'zone-b' as ZoneName;
  const c = 'zone-c' as ZoneName;
  const cases: readonly [Partial<Survival>, string][] = [
    [{ zones: 1, nodes: 2, pods: 3 }, '1 zone, 2 nodes'],
    [{ zones: 0, nodes: 1, pods: 2 }, '1 node'],
    [{ pods: 2 }, '2 pods'],
    [{ pods: 0 }, 'none'],
    [{ pods: 0, short: 2, lostZones: [b] }, 'none, 2 short'],
    [{ lostZones: [b] }, '0 more zones, zone-b is down'],
    [{ zones: 1, nodes: 1, lostZones: [b, c] }, '1 more zone, 1 node, zone-b, zone-c are down'],
    [{ shiftedZones: [b] }, '0 more zones, zone-b is shifted'],
    [{ nodes: 1, lostZones: [b], shiftedZones: [c] }, '0 more zones, 1 node, zone-b is down, zone-c is shifted'],
  ];
  for (const [survival, words] of cases) {
    it(words, () => assert.equal(survivesInWords(aSurvival(survival)), words));
  }
});

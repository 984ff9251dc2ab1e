import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import type { Scenario } from '../../tools/simulate/scenario.ts';
import { tell } from '../../tools/simulate/timeline.ts';

const terms = {
  seed: 1,
  nodes: [3, 3, 3],
  demand: 6,
  survive: { pods: 1, nodes: 0, zones: 1 },
  roomPerNode: 40,
  startMs: 5000,
};

async function told(events: Scenario['events'], forMs?: number): Promise<readonly string[]> {
  const lines: string[] = [];
  await tell({ scenario: { ...terms, events }, forMs }, (line) => lines.push(stripVTControlCharacters(line)));
  return lines;
}

describe('the timeline of a simulation', function () {
  this.timeout(60_000);
  const killed = [
    { afterMs: 10_000, event: { kind: 'killNode', node: 'zone-a-1' } },
    { afterMs: 80_000, event: { kind: 'healNode', node: 'zone-a-1' } },
  ] as const;

  it('tells what happens, what is decided and why, and the pods of each zone, till nothing changes any more', async () => {
    const lines = await told(killed);
    assert.match(lines[0] ?? '', /zone-a {2}zone-b {2}zone-c {2}pods ready\/wanted/);
    const isThere = (words: RegExp): boolean => lines.some((line) => words.test(line));
    assert.ok(isThere(/ 10\.0 s {2}3\/3 +3\/3 +3\/3 +▶ kill zone-a-1$/));
    assert.ok(isThere(/· Node zone-a-1 is not heard any more: it counts as lost$/));
    assert.ok(isThere(/→ grow zone-a from 3 to 4: 1 pod will not stay \(zone-a-1 is lost\)$/));
    assert.ok(isThere(/ 90\.0 s {2}.* ▶ heal zone-a-1$/));
    assert.match(lines.at(-1) ?? '', /the end: 9 serve, at least [678] did, demand is 6$/);
  });

  it('is the same for the same seed', async () => {
    assert.deepEqual(await told(killed), await told(killed));
  });

  it('ends after the time that was asked for', async () => {
    const lines = await told(killed, 30_000);
    assert.ok(!lines.some((line) => line.includes('heal zone-a-1')));
    assert.match(lines.at(-1) ?? '', / 30\.0 s .* the end/);
  });
});

import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { check } from '../property/check.ts';
import * as picks from '../property/scenario.ts';
import { argumentsOf, commandLine, commandOf, simulationOf } from '../../tools/simulate/command.ts';
import type { Simulation } from '../../tools/simulate/command.ts';
import type { Scenario } from '../../tools/simulate/scenario.ts';

const { absences, changes, childChanges, crowds, doubts, hands, labellings, leavers, losses, mishaps } = picks;
const { hushes, obstacles, pressures, crowded, hampered, leased, scenarios, tight, tolerant } = picks;
const all = [
  ...[absences, changes, childChanges, crowds, doubts, hands, labellings, leavers, losses, mishaps].flat(),
  ...[obstacles, pressures].flat(),
];

const more = fc.record<Partial<Scenario>>(
  {
    ports: fc.constant({ target: 'web', of: [{ name: 'web', containerPort: 8080 }] }),
    newsMs: fc.constant({ node: 30_000, pod: 450 }),
    packs: fc.constant(true),
    noticeMs: fc.constant(40_000),
  },
  { requiredKeys: [] },
);

/** Anything that a property may play. */
const any = fc
  .tuple(
    fc.oneof(
      ...[scenarios, crowded, tight, tolerant, hampered].map((of) => of(all, 5)),
      leased(scenarios([...all, ...hushes], 5)),
    ),
    more,
  )
  .map(([scenario, terms]) => ({ ...scenario, ...terms }));

function parsed(...args: readonly string[]): Simulation {
  const command = commandLine()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  return simulationOf(command.parse(args, { from: 'user' }));
}

describe('the command line of the simulator', () => {
  it('says any scenario so that it is understood again', async () => {
    await check(any, (scenario) => {
      assert.deepEqual(parsed(...argumentsOf(scenario)), { scenario, forMs: undefined });
    });
  });

  it('takes times from the beginning, in any order', () => {
    const { scenario } = parsed('heal zone-a-1 at 90s', 'kill zone-a-1 at 10s');
    assert.deepEqual(scenario.events, [
      { afterMs: 10_000, event: { kind: 'killNode', node: 'zone-a-1' } },
      { afterMs: 80_000, event: { kind: 'healNode', node: 'zone-a-1' } },
    ]);
  });

  it('survives a pod unless told otherwise, and ends after a while when told so', () => {
    assert.deepEqual(parsed().scenario.survive, { pods: 1, nodes: 0, zones: 0 });
    assert.deepEqual(parsed('--survive', 'zones=1').scenario.survive, { pods: 1, nodes: 0, zones: 1 });
    assert.equal(parsed('--for', '5m').forMs, 300_000);
  });

  it('is printed for a shell', () => {
    const { scenario } = parsed('--nodes', '2,1', '--seed', '7', 'drain zone-b-1 at 1500ms');
    assert.equal(
      commandOf(scenario),
      "npm run simulate -- --nodes 2,1 --demand 6 --survive pods=1,nodes=0,zones=0 --seed 7 'drain zone-b-1 at 1500ms'",
    );
  });

  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [['kill zone-a-1'], /does not say when: put the time after it, as 'kill zone-a-1 at 10s'/],
    [['kill zone-a-1 at noon'], /"noon" in "kill zone-a-1 at noon" is no time: say 10s/],
    [['kill zone-d-1 at 1s'], /there is no node zone-d-1: there are zone-a-1, /],
    [['stall zone-d at 1s'], /there is no zone zone-d: there are zone-a, zone-b, zone-c/],
    [['--survive', 'racks=1'], /it is what may be lost, as zones=1/],
    [['--nodes', 'three'], /it is a number for each zone, as 3,3,3/],
    [['--news', 'cat=1s'], /kinds are node, pod/],
    [['refuse leases for 5s at 1s'], /"refuse leases for 5s" needs --suspect-after, as 25s/],
    [['--suspect-after', 'soon'], /it is a duration, as 5s or 10m/],
  ];
  for (const [args, words] of wrong) {
    it(`says what would be right: ${args.join(' ')}`, () => {
      assert.throws(() => parsed(...args), words);
    });
  }

  it('knows nodes and zones that are to come', () => {
    const { scenario } = parsed(
      'add a node to zone-e at 1s',
      'kill zone-e-1 at 2s',
      'rename zone-a at 3s',
      'stall hall-a at 4s',
    );
    assert.equal(scenario.events.length, 4);
  });
});

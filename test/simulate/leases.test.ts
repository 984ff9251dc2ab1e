import assert from 'node:assert/strict';
import { served } from '../../tools/simulate/scenario.ts';
import { happen } from '../../tools/simulate/sim/events.ts';
import type { Leases } from '../../tools/simulate/sim/leases.ts';
import type { Terms } from '../../tools/simulate/sim/terms.ts';
import type { World } from '../../tools/simulate/sim/world.ts';

/** Three zones of four nodes whose Leases the operator watches; six pods and one spare. */
async function leased(over: Partial<Terms> = {}): Promise<{ readonly world: World; readonly leases: Leases }> {
  const survive = { pods: 1, nodes: 0, zones: 0 };
  const terms = { seed: 3, nodes: [4, 4, 4], roomPerNode: 10, startMs: 2000, demand: 6, survive };
  const world = await served({ ...terms, suspectAfterMs: 25_000, ...over });
  assert.ok(world.leases !== undefined);
  return { world, leases: world.leases };
}

const silences = (world: World, leases: Leases, zone: string): readonly number[] =>
  world.nodesOf(zone).map((node) => world.agenda.nowMs - leases.renewedMs(node));

/** When nodes of the zone were called lost first, and last. */
async function lossesIn(world: World, zone: string, forMs: number): Promise<readonly [number, number]> {
  happen(world, { kind: 'killZone', zone });
  await world.run(forMs);
  const nodes = world.nodesOf(zone).flatMap((node) => world.server.get('node', node) ?? []);
  assert.ok(nodes.every(({ ready }) => ready === 'Unknown'));
  const losses = nodes.map(({ readySinceMs }) => readySinceMs);
  return [Math.min(...losses), Math.max(...losses)];
}

describe('simulated Leases', () => {
  it('are renewed every 10 s, each at its own moment, while the machine lives', async () => {
    const { world, leases } = await leased();
    const moments = new Set(world.zones.flatMap((zone) => silences(world, leases, zone)));
    assert.equal(moments.size, 12);
    assert.ok(
      [...moments].every((ms) => ms <= 10_400),
      [...moments].join(' '),
    );
    happen(world, { kind: 'killZone', zone: 'zone-a' });
    await world.run(20_000);
    assert.ok(silences(world, leases, 'zone-a').every((ms) => ms >= 20_000));
    happen(world, { kind: 'healZone', zone: 'zone-a' });
    await world.run(10_400);
    assert.ok(silences(world, leases, 'zone-a').every((ms) => ms <= 10_400));
  });

  it('make the operator see a whole dead zone in one step, before Kubernetes calls a node lost', async () => {
    const { world } = await leased();
    happen(world, { kind: 'killZone', zone: 'zone-a' });
    await world.run(30_000);
    const grown = world.operator.written.filter(({ step: { kind }, atMs }) => kind === 'grow' && atMs > 60_000);
    assert.deepEqual(new Set(grown.map(({ step }) => 'zone' in step && step.zone)), new Set(['zone-b', 'zone-c']));
    assert.ok(world.server.list('node').every(({ ready }) => ready === 'True'));
  });

  it('are not renewed while the API server takes none, and soon after: nobody is suspect or lost then', async () => {
    const { world, leases } = await leased();
    const written = world.operator.written.length;
    happen(world, { kind: 'refuseLeases', forMs: 60_000 });
    await world.run(59_000);
    const all = (): readonly number[] => world.zones.flatMap((zone) => silences(world, leases, zone));
    assert.ok(all().every((ms) => ms >= 59_000));
    await world.run(8_000);
    assert.ok(all().every((ms) => ms <= 10_400));
    await world.run(60_000);
    assert.ok(world.server.list('node').every(({ ready }) => ready === 'True'));
    assert.equal(world.operator.written.length, written);
  });

  it('say nothing to an operator that hears of none', async () => {
    const { world } = await leased();
    const written = world.operator.written.length;
    happen(world, { kind: 'missLeases', forMs: 60_000 });
    await world.run(120_000);
    assert.equal(world.operator.written.length, written);
  });

  it('of a node that is frozen make it suspect, and its pods are stood in for', async () => {
    const { world } = await leased();
    const node = world.nodesOf('zone-a').find((each) => world.servingOn(each) > 0) ?? '';
    happen(world, { kind: 'suspect', node, forMs: 60_000 });
    await world.run(120_000);
    assert.equal(world.server.get('node', node)?.ready, 'True');
    const grown = world.operator.written.filter(({ step }) => step.kind === 'grow');
    assert.ok(grown.some(({ step }) => step.why.includes(`${node} is suspect`)));
  });

  it('go with their nodes', async () => {
    const { world, leases } = await leased();
    happen(world, { kind: 'removeNode', node: 'zone-a-1' });
    await world.run(20_000);
    assert.equal(leases.list().length, 11);
  });
});

describe('the simulated node controller', () => {
  it('calls the nodes of a dead zone lost within 15 s', async () => {
    const { world } = await leased();
    const [first, last] = await lossesIn(world, 'zone-a', 70_000);
    assert.ok(last - first <= 15_000, `${first} to ${last}`);
  });

  it('calls them lost in waves when it is slow at telling pods', async () => {
    const { world } = await leased({ nodes: [7, 7, 7], tellsForMs: 30_000 });
    const [first, last] = await lossesIn(world, 'zone-a', 120_000);
    assert.ok(last - first >= 30_000, `${first} to ${last}`);
  });
});

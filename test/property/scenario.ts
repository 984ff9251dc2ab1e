import * as fc from 'fast-check';
import type { Event } from '../../tools/simulate/sim/events.ts';
import { happen } from '../../tools/simulate/sim/events.ts';
import { faults } from '../../tools/simulate/sim/images.ts';
import { watched } from '../../tools/simulate/sim/feed.ts';
import { watchSwings } from '../../tools/simulate/sim/swings.ts';
import type { World } from '../../tools/simulate/sim/world.ts';
import { served } from '../../tools/simulate/scenario.ts';
import type { Scenario } from '../../tools/simulate/scenario.ts';
import { shiftsToEnd } from './shiftsToEnd.ts';

const minuteMs = 60_000;

/** Lets everything happen, then waits until nothing changes any more; throws when a promise is broken on the way. */
export async function play(scenario: Scenario): Promise<World> {
  const world = await served(scenario);
  const swings = watchSwings(world);
  for (const { afterMs, event } of scenario.events) {
    await world.run(afterMs);
    swings.happened();
    happen(world, event);
    if (event.kind === 'shift') world.agenda.after(event.forMs, swings.happened);
  }
  if (!world.operator.isUp) {
    await world.run(minuteMs);
    world.operator.start();
  }
  if (world.declared.isPaused) {
    await world.run(minuteMs);
    world.declared.pause(false);
  }
  await shiftsToEnd(world);
  await world.settle(45 * minuteMs);
  const [swing] = swings.found();
  if (swing !== undefined) throw new Error(swing);
  explainsItsGrowth(world);
  return world;
}

/** Throws when a rule asked for more pods than losses and shares explain, though it was not followed. */
export function explainsItsGrowth({ operator }: World): void {
  const [held] = operator.bounded;
  if (held !== undefined) throw new Error(held);
}

export type Pick = (at: { readonly node: string; readonly zone: string; readonly number: number }) => Event;

/** Things that break. */
export const losses: readonly Pick[] = [
  ({ node }) => ({ kind: 'killNode', node }),
  ({ node }) => ({ kind: 'removeNode', node }),
  ({ zone }) => ({ kind: 'killZone', zone }),
  ({ number }) => ({ kind: 'deletePod', index: number }),
];

/** Things that people do, or that come back. */
export const changes: readonly Pick[] = [
  ({ number }) => ({ kind: 'demand', to: number % 13 }),
  () => ({ kind: 'template' }),
  ({ node }) => ({ kind: 'drain', node }),
  ({ node }) => ({ kind: 'uncordon', node }),
  ({ node }) => ({ kind: 'healNode', node }),
  ({ zone }) => ({ kind: 'healZone', zone }),
];

/** Machines that come, go, or are not heard of for a while. */
export const mishaps: readonly Pick[] = [
  ({ node }) => ({ kind: 'cutOff', node }),
  ({ node, number }) => ({ kind: 'restartKubelet', node, forMs: 500 + 20 * number }),
  ({ node }) => ({ kind: 'taint', node }),
  ({ node }) => ({ kind: 'reclaim', node }),
  ({ zone }) => ({ kind: 'removeZone', zone }),
  ({ zone }) => ({ kind: 'addNode', zone }),
  () => ({ kind: 'addNode', zone: 'zone-e' }),
];

/** Nodes that are about to go, or stay after all. */
export const leavers: readonly Pick[] = [
  ({ node }) => ({ kind: 'cordon', node }),
  ({ node }) => ({ kind: 'announce', node }),
  ({ node }) => ({ kind: 'taint', node }),
  ({ node }) => ({ kind: 'drain', node }),
  ({ node }) => ({ kind: 'uncordon', node }),
  () => ({ kind: 'crashOperator', afterWrites: 1 }),
];

/** Nodes that are held to be dead and are not, once or again and again. */
export const doubts: readonly Pick[] = [
  ({ node, number }) => ({ kind: 'suspect', node, forMs: 1000 + 100 * number }),
  ({ node, number }) => ({ kind: 'flap', node, times: 1 + (number % 5) }),
];

/** No Lease can be renewed, or the operator hears of none. */
export const outages: readonly Pick[] = [
  ({ number }) => ({ kind: 'refuseLeases', forMs: 5000 + 100 * number }),
  ({ number }) => ({ kind: 'missLeases', forMs: 5000 + 100 * number }),
];

/** Leases that are not renewed although the nodes are well. */
export const hushes: readonly Pick[] = [
  ...outages,
  ({ node, number }) => ({ kind: 'suspect', node, forMs: 100 * number }),
];

/** Nodes that are given to another zone, one or all of a zone's. */
export const relabellings: readonly Pick[] = [
  ({ node, zone }) => ({ kind: 'relabel', node, zone }),
  ({ node, number }) => ({ kind: 'relabel', node, zone: `zone-${'abcde'[number % 5] ?? 'a'}` }),
  ({ zone }) => ({ kind: 'renameZone', zone }),
];

/** Labels and taints of nodes that people change, and templates that ask for other nodes or for none that are there. */
export const labellings: readonly Pick[] = [
  ...relabellings,
  ({ zone, number }) => ({ kind: 'renamePool', zone, pool: number % 2 === 0 ? 'first' : 'second' }),
  ({ number }) => ({ kind: 'selectPool', pool: ['first', 'second', 'frist'][number % 3] ?? 'first' }),
  ({ node }) => ({ kind: 'reserve', node }),
  () => ({ kind: 'template' }),
];

/** Children that somebody deletes, and ports that move with the template, together or not. */
export const childChanges: readonly Pick[] = [
  ({ zone, number }) => ({ kind: 'deleteDeployment', zone, forMs: 300 * number }),
  ({ number }) => ({ kind: 'ports', target: targets[number % 4] ?? 80, of: listens[number % 3] ?? [] }),
];

const targets = ['web', 'http', 8080, 9090];
const listens = [
  [{ name: 'web', containerPort: 8080 }],
  [{ name: 'http', containerPort: 8080 }],
  [
    { name: 'web', containerPort: 8080 },
    { name: 'http', containerPort: 9090 },
  ],
];

/** Room that goes and comes: quotas, a zone where nothing gets Ready, images that do not start. */
export const crowds: readonly Pick[] = [
  ({ number }) => ({ kind: 'quota', pods: number % 20 }),
  () => ({ kind: 'quota', pods: Number.POSITIVE_INFINITY }),
  ({ number, zone }) => ({ kind: 'quota', pods: number % 6, zone }),
  ({ zone }) => ({ kind: 'quota', pods: Number.POSITIVE_INFINITY, zone }),
  ({ zone }) => ({ kind: 'stallZone', zone }),
  ({ zone }) => ({ kind: 'unstallZone', zone }),
  ({ number }) => ({ kind: 'badTemplate', fault: faults[number % faults.length] ?? 'pull' }),
  () => ({ kind: 'template' }),
];

/** Whatever can go wrong between the operator and the API server, and people who evict at the worst moments. */
export const pressures: readonly Pick[] = [
  ({ number }) => ({ kind: 'evictions', many: 1 + (number % 9), forMs: 1000 * (10 + number) }),
  ({ number }) => ({ kind: 'missEvents', of: watched[number % watched.length] ?? 'pod', forMs: 1000 + 59 * number }),
  () => ({ kind: 'replaceOperator' }),
];

/** A person pauses a zone's Deployment, and nodes are drained. */
export const obstacles: readonly Pick[] = [
  ({ zone }) => ({ kind: 'pauseDeployment', zone }),
  ({ node }) => ({ kind: 'drain', node }),
  ({ node }) => ({ kind: 'uncordon', node }),
];

/** People whose hands are in what is ours: pods with our labels, labels of our pods, rollouts that they pause. */
export const hands: readonly Pick[] = [
  ({ node }) => ({ kind: 'strangerComes', node }),
  ({ number }) => ({ kind: 'quarantine', index: number, label: number % 2 === 0 ? 'template' : 'zone' }),
  ({ zone }) => ({ kind: 'pauseDeployment', zone }),
];

/** The operator is told to stay away, or fails. */
export const absences: readonly Pick[] = [
  () => ({ kind: 'pause' }),
  () => ({ kind: 'resume' }),
  () => ({ kind: 'stopOperator' }),
  () => ({ kind: 'startOperator' }),
  ({ number }) => ({ kind: 'crashOperator', afterWrites: 1 + (number % 6) }),
];

/** Things that follow each other where rules meet, at one node and zone. */
const stories: readonly (readonly Pick[])[] = [
  [({ node }) => ({ kind: 'killNode', node }), ({ node }) => ({ kind: 'healNode', node })],
  [({ zone }) => ({ kind: 'killZone', zone }), ({ zone }) => ({ kind: 'healZone', zone })],
  [({ node }) => ({ kind: 'drain', node }), ({ node }) => ({ kind: 'uncordon', node })],
  [({ node }) => ({ kind: 'drain', node }), ({ node }) => ({ kind: 'killNode', node })],
  [() => ({ kind: 'template' }), ({ number }) => ({ kind: 'demand', to: number % 13 })],
  [() => ({ kind: 'template' }), ({ node }) => ({ kind: 'killNode', node })],
  [() => ({ kind: 'template' }), ({ node }) => ({ kind: 'drain', node })],
  [() => ({ kind: 'template' }), () => ({ kind: 'template' })],
  [({ number }) => ({ kind: 'demand', to: number % 13 }), ({ node }) => ({ kind: 'drain', node })],
  [({ node }) => ({ kind: 'killNode', node }), ({ number }) => ({ kind: 'demand', to: number % 13 })],
];

const survive = fc.record({ pods: fc.nat(2), nodes: fc.nat(1), zones: fc.nat(1) }, { noNullPrototype: true });

/** Scenarios in a cluster whose nodes take few pods. */
export function crowded(picks: readonly Pick[], most: number): fc.Arbitrary<Scenario> {
  const room = fc.record({ roomPerNode: fc.integer({ min: 3, max: 8 }), whenNoRoom });
  return fc.tuple(scenarios(picks, most), room).map(([scenario, terms]) => ({ ...scenario, ...terms }));
}

/** Scenarios where leaving nodes may still take pods: their template tolerates every taint, or does not. */
export function tolerant(picks: readonly Pick[], most: number): fc.Arbitrary<Scenario> {
  return fc
    .tuple(scenarios(picks, most), fc.boolean())
    .map(([scenario, tolerates]) => ({ ...scenario, ...(tolerates ? { tolerates } : {}) }));
}

/** Scenarios while a template is rolled out that never gets Ready, and no zone may go back: more than there was cannot be had then. */
export function hampered(picks: readonly Pick[], most: number): fc.Arbitrary<Scenario> {
  const first = [{ kind: 'refuseRollBacks' }, { kind: 'badTemplate', fault: 'unready' }] as const;
  return scenarios(picks, most).map((scenario) => ({
    ...scenario,
    events: [
      ...first.map((event) => ({ afterMs: 0, event })),
      ...scenario.events.filter(({ event: { kind } }) => kind !== 'demand'),
    ],
  }));
}

/** Scenarios where a node takes hardly a pod more than it has: a rollout's surge finds no room. */
export function tight(picks: readonly Pick[], most: number): fc.Arbitrary<Scenario> {
  const room = fc.record({ roomPerNode: fc.integer({ min: 1, max: 3 }), whenNoRoom });
  const template = { afterMs: 0, event: { kind: 'template' } } as const;
  return fc.tuple(scenarios(picks, most), room).map(([scenario, terms]) => {
    const nodes = scenario.nodes.reduce((sum, many) => sum + many, 0);
    const demand = Math.min(scenario.demand, nodes * terms.roomPerNode - 1);
    return { ...scenario, ...terms, demand, events: [template, ...scenario.events] };
  });
}

/** Scenarios where nodes renew Leases and the operator watches them, under a node controller that may be slow. */
export function leased(cases: fc.Arbitrary<Scenario>): fc.Arbitrary<Scenario> {
  const pace = fc.record({
    suspectAfterMs: fc.constantFrom(15_000, 25_000, 40_000, 60_000, 120_000),
    tellsForMs: fc.constantFrom(0, 10_000, 30_000, 60_000),
  });
  return fc.tuple(cases, pace).map(([scenario, terms]) => ({ ...scenario, ...terms }));
}

const whenNoRoom = fc.constantFrom('Block' as const, 'Dip' as const);

/** Any cluster of 1 to 4 zones, and up to `most` events of the given kinds, close together or far apart. */
export function scenarios(picks: readonly Pick[], most: number): fc.Arbitrary<Scenario> {
  const occasion = fc.record({
    afterMs: fc.oneof(fc.nat(3000), fc.nat(120_000), fc.nat(600_000)),
    pick: fc.constantFrom(...picks),
    at: fc.nat(1000),
    sameNode: fc.nat(2).map((number) => number > 0),
  });
  return fc
    .record({
      seed: fc.nat(1_000_000),
      nodes: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
      startMs: fc.constantFrom(1000, 5000, 20_000),
      demand: fc.nat(12),
      survive,
      slow: fc.constantFrom(0.1, 0.5, 0.9),
      story: most > 1 ? fc.option(fc.constantFrom(...stories)) : fc.constant(null),
      occasions: fc.array(occasion, { minLength: 1, maxLength: most }),
    })
    .map(({ occasions, story, ...terms }) => {
      const told = story === null ? occasions : tell(story, occasions);
      return { ...terms, roomPerNode: 40, events: eventsOf(told, terms.nodes) };
    });
}

interface Occasion {
  readonly afterMs: number;
  readonly pick: Pick;
  readonly at: number;
  readonly sameNode: boolean;
}

/** The story's events at the times of the occasions, then what occasions are left. */
function tell(story: readonly Pick[], occasions: readonly Occasion[]): readonly Occasion[] {
  const first = occasions[0] ?? { afterMs: 0, pick: story[0]!, at: 0, sameNode: false };
  const told = story.map((pick, index) => ({
    ...(occasions[index] ?? { ...first, afterMs: first.at * 40 }),
    pick,
    sameNode: index > 0,
  }));
  return [...told, ...occasions.slice(story.length)];
}

/** Names nodes and zones by number; two times of three an event hits where the one before did. */
function eventsOf(occasions: readonly Occasion[], nodes: readonly number[]): Scenario['events'] {
  const places = nodes.flatMap((many, zone) => Array.from({ length: many }, (_, index) => ({ zone, index })));
  let last = 0;
  return occasions.map(({ afterMs, pick, at, sameNode }) => {
    last = sameNode ? last : at % places.length;
    const place = places[last] ?? { zone: 0, index: 0 };
    const zone = `zone-${String.fromCodePoint(97 + place.zone)}`;
    return { afterMs, event: pick({ node: `${zone}-${place.index + 1}`, zone, number: at }) };
  });
}

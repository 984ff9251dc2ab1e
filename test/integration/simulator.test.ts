import assert from 'node:assert/strict';
import { startCluster } from '../../tools/cluster/cluster.ts';
import type { Cluster } from '../../tools/cluster/cluster.ts';
import { Real } from './simulator/real.ts';
import { badImage, goodImage, newImage } from './simulator/side.ts';
import type { Side, SidePod } from './simulator/side.ts';
import { Simulated } from './simulator/simulated.ts';

/*
 * The properties are worth as much as the simulated cluster they are played on: here the same steps are done to it and to a
 * real control plane, and must lead to the same pods. How long things take differs, which pods there are in the end must not.
 */

/** Something that is done, and what came of it if that is more than pods. */
type Step = (side: Side, pods: readonly SidePod[]) => Promise<unknown>;
type Trace = readonly (readonly [what: string, step: Step])[];

const nodes = { 'zone-a': ['zone-a-1', 'zone-a-2'], 'zone-b': ['zone-b-1', 'zone-b-2'] };
const limitMs = 120_000;

function scale(zone: string, replicas: number, image = goodImage): readonly [string, Step] {
  return [`${zone} → ${replicas} of ${image}`, (side) => side.deploy(zone, { replicas, image })];
}

function mark(many: number, which: (pod: SidePod) => boolean = () => true): readonly [string, Step] {
  const uids = (pods: readonly SidePod[]): readonly string[] => pods.filter(which).map(({ uid }) => uid);
  return [`mark ${many}`, (side, pods) => side.mark(uids(pods).slice(0, many))];
}

function setAlive(node: string, alive: boolean): readonly [string, Step] {
  return [`${node} ${alive ? 'heals' : 'dies'}`, (side) => side.setAlive(node, alive)];
}

function setCordoned(node: string, cordoned: boolean): readonly [string, Step] {
  return [`${node} is ${cordoned ? 'cordoned' : 'uncordoned'}`, (side) => side.setCordoned(node, cordoned)];
}

/** One after the other at once, as a drain does. */
function evictFrom(node: string): readonly [string, Step] {
  return [
    `evict from ${node}`,
    async (side, pods) => {
      const granted: boolean[] = [];
      for (const pod of pods.filter((each) => each.node === node)) granted.push(await side.evict(pod.uid));
      return granted;
    },
  ];
}

/** What is made from now on is told apart by age: a ReplicaSet compares powers of two, and those within one by UID. */
const growOld: readonly [string, Step] = ['grow old', (side) => side.growOld()];
const keep = (pods: number): readonly [string, Step] => [`keep ${pods}`, (side) => side.keep(pods)];
const limit = (pods?: number): readonly [string, Step] => [`quota ${pods}`, (side) => side.limit(pods)];
const isRefused: readonly [string, Step] = ['is refused', (side) => side.isRefused('zone-a')];

const traces: Readonly<Record<string, Trace>> = {
  'a scale up and down': [scale('zone-a', 2), growOld, scale('zone-a', 6), scale('zone-a', 4), scale('zone-a', 0)],
  'marks: the pods that carry them go first': [
    scale('zone-a', 6),
    mark(2),
    scale('zone-a', 4),
    mark(1),
    scale('zone-a', 2),
  ],
  'pods on the fullest node go before others of the same cost': [
    scale('zone-a', 4),
    growOld,
    setCordoned('zone-a-1', true),
    scale('zone-a', 6),
    setCordoned('zone-a-1', false),
    scale('zone-a', 4),
  ],
  'a rollout': [scale('zone-a', 5), scale('zone-a', 5, newImage)],
  'a rollout that gets stuck, is scaled in proportion, and goes back': [
    // On one node: of two, the fuller one loses pods first, old ones too, and chance decides which is fuller.
    setCordoned('zone-a-2', true),
    scale('zone-a', 4),
    growOld,
    scale('zone-a', 4, badImage),
    scale('zone-a', 9, badImage),
    scale('zone-a', 8, badImage),
    scale('zone-a', 3, badImage),
    scale('zone-a', 3),
  ],
  'a third template in mid-rollout': [scale('zone-a', 5), scale('zone-a', 5, badImage), scale('zone-a', 7, newImage)],
  'a node’s death: its pods go first, and the rest comes back': [
    scale('zone-a', 4),
    setAlive('zone-a-1', false),
    scale('zone-a', 6),
    scale('zone-a', 5),
    setAlive('zone-a-1', true),
  ],
  'a zone’s death: nothing changes there, and what grows waits': [
    scale('zone-a', 2),
    scale('zone-b', 2),
    ['both nodes die', (side) => Promise.all([side.setAlive('zone-a-1', false), side.setAlive('zone-a-2', false)])],
    scale('zone-b', 4),
    scale('zone-a', 3),
    scale('zone-a', 2),
    ['both nodes heal', (side) => Promise.all([side.setAlive('zone-a-1', true), side.setAlive('zone-a-2', true)])],
  ],
  'a drain, as far as the budget goes': [
    scale('zone-a', 4),
    keep(3),
    setCordoned('zone-a-1', true),
    evictFrom('zone-a-1'),
    evictFrom('zone-a-1'),
    keep(4),
    evictFrom('zone-a-2'),
    setCordoned('zone-a-1', false),
  ],
  'a drain takes pods that are not Ready whatever the budget says': [
    scale('zone-a', 2, badImage),
    keep(2),
    evictFrom('zone-a-1'),
  ],
  'pods without room go first, and are placed when there is some': [
    scale('zone-a', 2),
    [
      'both are cordoned',
      (side) => Promise.all([side.setCordoned('zone-a-1', true), side.setCordoned('zone-a-2', true)]),
    ],
    scale('zone-a', 5),
    mark(2, ({ ready }) => ready),
    scale('zone-a', 3),
    [
      'both are uncordoned',
      (side) => Promise.all([side.setCordoned('zone-a-1', false), side.setCordoned('zone-a-2', false)]),
    ],
  ],
  'a quota: what is missing is told, and made when it may be': [
    limit(4),
    scale('zone-a', 6),
    isRefused,
    scale('zone-a', 5),
    mark(1),
    scale('zone-a', 3),
    isRefused,
  ],
};

describe('the simulated control plane, beside a real one', function () {
  this.timeout(600_000);
  let cluster: Cluster;
  let real: Real;

  before(async () => {
    cluster = await startCluster({ zones: 2, nodes: 2, podStartMs: 500, graceSeconds: 8 });
    real = new Real(cluster);
  });
  after(async () => cluster[Symbol.asyncDispose]());
  afterEach(async () => {
    await real.clear();
    for (const node of Object.values(nodes).flat()) {
      await real.setAlive(node, true);
      await real.setCordoned(node, false);
    }
    await eventually(async () => assert.deepEqual(await real.pods(), []));
  });

  for (const [name, trace] of Object.entries(traces)) {
    it(`has the same pods after ${name}`, async () => {
      const [simulated, ages] = [new Simulated(nodes), { simulated: new Ages(), real: new Ages() }];
      for (const [what, step] of trace) {
        const found = await step(simulated, ages.simulated.oldestFirst(await simulated.pods()));
        await simulated.settle();
        const expected = ages.simulated.summary(await simulated.pods());
        const really = await step(real, ages.real.oldestFirst(await real.pods()));
        await eventually(async () => {
          assert.deepEqual(ages.real.summary(await real.pods(), false), expected, what);
        });
        ages.real.summary(await real.pods());
        if (typeof found !== 'boolean') assert.deepEqual(really, found, what);
        else await eventually(async () => assert.equal(await step(real, []), found, what));
      }
    });
  }
});

/** In which step each pod was first seen: the ranks by which the two sides' pods are compared. */
class Ages {
  readonly #born = new Map<string, number>();
  #steps = 0;

  oldestFirst(pods: readonly SidePod[]): readonly SidePod[] {
    const born = (pod: SidePod): number => this.#born.get(pod.uid) ?? this.#steps;
    return pods.toSorted((a, b) => born(a) - born(b) || ((a.node ?? '') < (b.node ?? '') ? -1 : 1));
  }

  /** Pods as lines that both sides can have; `ends`: the step is over, what comes now belongs to the next. */
  summary(pods: readonly SidePod[], ends = true): readonly string[] {
    const lines = pods.map((pod) => {
      const born = this.#born.get(pod.uid) ?? this.#steps;
      const state = pod.node === undefined ? 'without a node' : pod.ready ? `of step ${born}, ready` : 'not ready';
      // Of two that are not Ready and about as old, a ReplicaSet takes the one whose UID comes first.
      return `${pod.zone} ${pod.image} ${state}${pod.marked ? ', marked' : ''}`;
    });
    if (ends) {
      for (const { uid } of pods) if (!this.#born.has(uid)) this.#born.set(uid, this.#steps);
      this.#steps += 1;
    }
    return lines.toSorted();
  }
}

/** Tries until it holds, and holds again a second later; throws the last error after two minutes. */
async function eventually(holds: () => Promise<void>): Promise<void> {
  const deadline = performance.now() + limitMs;
  let held = 0;
  for (;;) {
    try {
      await holds();
      held += 1;
      if (held === 4) return;
    } catch (error) {
      held = 0;
      if (performance.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

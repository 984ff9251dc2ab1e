import assert from 'node:assert/strict';
import type { DeclaredStation, Kitchen, KitchenSpec } from '../../../../operator/api/kitchen.ts';
import type { Station } from '../../../../operator/api/station.ts';
import type { KubeObject } from '../../../../operator/api/kubernetes/object.ts';
import { stations } from '../../../../operator/api/resources.ts';
import { ApiError } from '../../../../tools/cluster/api.ts';
import type { NodeTraits } from '../../../../tools/cluster/nodes.ts';
import type { SeenPod, Watching } from '../census.ts';
import { evictionRefusals } from '../drained.ts';
import { aKitchen, aStation } from '../kitchens.ts';
import { assertSettled } from '../said.ts';
import { namespace, openStage, untilOn } from '../stage.ts';
import type { Stage } from '../stage.ts';

/** What is waited for may take minutes by rule, beside much else on the same machine. */
const patienceMs = 420_000;

/** A test on zones of its own, so that others can be played beside it on the same cluster. */
export interface Scene {
  /** The Kitchen's name. */
  readonly kitchen: string;
  /** Its zones, by their whole names: how many nodes each has, or what each node is like. */
  readonly zones: Readonly<Record<string, number | readonly NodeTraits[]>>;
  readonly play: (on: Ground) => Promise<void>;
}

/** Sentences and what is played for each. */
export type Scenes = Readonly<Record<string, Scene>>;

type StationParts = NonNullable<Parameters<typeof aStation>[0]>;
/** What a Kitchen of one station declares; its zones are the scene's unless told, and anybody's when `zones` is undefined. */
export type Declared = StationParts & Pick<KitchenSpec, 'zones'>;

/** A scene's Kitchen of one station, `grill`, and its nodes. */
export interface Ground {
  readonly stage: Stage;
  /** `<kitchen>-grill`. */
  readonly station: string;
  /** Applies the Kitchen, changed in these parts since the last time. */
  declare(parts: Declared): Promise<void>;
  /** Applies the Kitchen too, and resolves when it is served and nothing is under way. */
  serve(parts: Declared): Promise<void>;
  settled(): Promise<void>;
  /** `kubectl scale station/…`. */
  scale(replicas: number): Promise<void>;
  begin(): Watching;
  running(which?: (pod: SeenPod) => boolean): readonly SeenPod[];
  /** How many pods really run in each zone of the scene, in their order. */
  spread(): readonly number[];
  status(): Promise<NonNullable<Station['status']>>;
  until: Stage['until'];
  drain(node: string): Promise<string>;
  /** Asks for each pod of the node to be evicted until none is left, as autoscalers do. */
  evictAll(node: string): Promise<void>;
  /** Kills so many nodes of a zone at once, the first ones; resolves to their names when none of their pods is counted. */
  killNodes(zone: string, many: number): Promise<readonly string[]>;
  /** Deletes Node objects at once; resolves when none of their pods is counted. */
  removeNodes(nodes: readonly string[]): Promise<void>;
  /** Resolves when the API server calls the nodes Ready, or not. */
  noticed(nodes: readonly string[], ready: boolean): Promise<void>;
}

/** Pods anywhere but on these nodes; what was made just when they died may have been sent to them. */
export function notOn(...nodes: readonly string[]): (pod: SeenPod) => boolean {
  return ({ node }) => !nodes.includes(node);
}

/** Plays all scenes at the same time on one cluster, each a test of its own under its subject. */
export function sideBySide(title: string, subjects: Readonly<Record<string, Scenes>>): void {
  describe(title, function () {
    this.timeout(3 * patienceMs);
    const scenes = Object.values(subjects).flatMap((each) => Object.entries(each));
    const played = new Map<string, Promise<void>>();
    let stage: Stage;

    before(async () => {
      stage = await openStage({ zones: 0, graceSeconds: 12, patienceMs });
      await furnish(
        stage,
        scenes.flatMap(([, { zones }]) => Object.entries(zones)),
      );
      await stage.operator();
      for (const [name, scene] of scenes) {
        const play = scene.play(groundOf(stage, scene)).catch(async (error: Error) => {
          throw new Error(`${error.message}\n${await lastSeen(stage, scene.kitchen)}`, { cause: error });
        });
        // Its own test tells.
        play.catch(() => undefined);
        played.set(name, play);
      }
    });
    after(() => stage?.[Symbol.asyncDispose]());

    for (const [subject, own] of Object.entries(subjects))
      describe(subject, () => {
        for (const name of Object.keys(own)) it(name, () => played.get(name));
      });
  });
}

/** Makes the nodes of all scenes, and resolves when they are Ready. */
async function furnish(stage: Stage, zones: readonly (readonly [string, Scene['zones'][string]])[]): Promise<void> {
  assert.equal(new Set(zones.map(([zone]) => zone)).size, zones.length, 'scenes have zones of their own');
  for (const [zone, nodes] of zones) {
    const all: readonly NodeTraits[] = typeof nodes === 'number' ? Array.from({ length: nodes }, () => ({})) : nodes;
    for (const traits of all) await stage.cluster.addNode(zone, traits);
  }
  await stage.kubectl('wait', 'node', '--all', '--for=condition=Ready', '--timeout=120s');
}

function groundOf(stage: Stage, scene: Scene): Ground {
  const { kitchen } = scene;
  const station = `${kitchen}-grill`;
  const zones = Object.keys(scene.zones);
  let declared: Declared = { zones };
  const until = untilOn(stage.operators, { limitMs: patienceMs, everyMs: 400, seen: () => Promise.resolve('') });
  const declare = async (parts: Declared): Promise<void> => {
    declared = { ...declared, ...parts };
    await stage.apply(kitchenOf(kitchen, declared));
  };
  const settled = (): Promise<void> => until('the Kitchen settles', () => assertSettled(stage, kitchen));
  const running: Ground['running'] = (which = () => true) => stage.census.running(station).filter(which);
  const unmanned = (nodes: readonly string[]): Promise<void> =>
    until(`nothing runs on ${nodes.join(', ')}`, () => {
      const there = running(({ node }) => nodes.includes(node));
      assert.deepEqual(there, []);
    });
  return {
    stage,
    station,
    declare,
    settled,
    running,
    until,
    serve: async (parts) => {
      await declare(parts);
      await settled();
    },
    scale: async (replicas) => void (await stage.kubectl('scale', `stn/${station}`, `--replicas=${replicas}`)),
    begin: () => stage.census.begin(station),
    spread: () => zones.map((zone) => running((pod) => pod.zone === zone).length),
    status: async () => (await stage.get<Station & KubeObject>(stations, station)).status ?? assert.fail('no status'),
    drain: (node) => stage.kubectl('drain', node, '--ignore-daemonsets', '--timeout=190s'),
    evictAll: (node) =>
      until(`${node} is empty`, async () => {
        const there = stage.census.pods(station).filter((pod) => pod.node === node);
        for (const pod of there.filter(({ deleting }) => !deleting)) await evict(stage, pod);
        assert.deepEqual(there, []);
      }),
    killNodes: async (zone, many) => {
      const nodes = Array.from({ length: many }, (_, index) => `${zone}-${index + 1}`);
      await Promise.all(nodes.map((node) => stage.cluster.kill('node', node)));
      await unmanned(nodes);
      return nodes;
    },
    removeNodes: async (nodes) => {
      await Promise.all(nodes.map((node) => stage.cluster.removeNode(node)));
      await unmanned(nodes);
    },
    noticed: async (nodes, ready) => {
      const status = ready ? 'condition=Ready' : 'condition=Ready=Unknown';
      await stage.kubectl('wait', ...nodes.map((node) => `node/${node}`), `--for=${status}`, '--timeout=190s');
    },
  };
}

function kitchenOf(name: string, { zones, ...parts }: Declared): Kitchen {
  const entry: DeclaredStation = aStation(parts);
  return aKitchen(name, { ...(zones === undefined ? {} : { zones }), stations: [entry] });
}

/** Asks as an autoscaler does, which asks again later. */
async function evict(stage: Stage, { name }: SeenPod): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/pods/${name}/eviction`;
  const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
  try {
    await stage.cluster.api.call('POST', path, body);
  } catch (error) {
    if (!(error instanceof ApiError) || !evictionRefusals.has(error.status)) throw error;
  }
}

/** What a person would look at next. */
async function lastSeen(stage: Stage, kitchen: string): Promise<string> {
  const selected = ['--selector', `kitchen.dev/kitchen=${kitchen}`];
  const tables = await Promise.all([
    stage.kubectl('get', 'stn,deployments,pdb', ...selected).catch(String),
    stage.kubectl('get', 'pods', '--output=wide', ...selected).catch(String),
    stage.kubectl('get', 'stn', '--output=jsonpath={.items[*].status}', ...selected).catch(String),
  ]);
  const logs = await Promise.all(stage.operators.map((operator) => operator.log()));
  const lines = logs.flat().filter(({ station }) => station?.startsWith(`${namespace}/${kitchen}-`));
  return [...tables, ...lines.slice(-40).map((line) => JSON.stringify(line))].join('\n');
}

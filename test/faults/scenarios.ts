import type { KitchenSpec } from '../../operator/api/kitchen.ts';
import { aStation } from '../integration/operator/kitchens.ts';
import type { FaultStage } from './faultStage.ts';
import type { Figures, Place } from './sight.ts';
import type { WriteKind } from './writes.ts';

export type ScenarioName = 'loss' | 'drain' | 'death' | 'return';

export interface Scenario {
  readonly title: string;
  /** Scenarios of one kitchen follow each other. */
  readonly kitchen: string;
  readonly writes: readonly WriteKind[];
  readonly nodes: readonly string[];
  readonly demand: number;
  /** Fewest pods that may ever run: demand, unless what dies takes more. */
  readonly floor: number;
  /** Pods that have to be made. */
  readonly needed: number;
  readonly end: Figures;
}

const all: readonly WriteKind[] = ['reserve', 'grow', 'cost', 'shrink', 'release', 'status'];
const one = { idle: 0, marks: 0, services: 1 };

export const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
  loss: {
    title: 'a node that dies',
    kitchen: 'loss',
    writes: all,
    nodes: ['zone-a-1'],
    demand: 3,
    floor: 2,
    needed: 2,
    end: { ...one, running: { 'zone-a': 4 }, replicas: { 'zone-a': 4 }, minAvailable: 3 },
  },
  drain: {
    title: 'a drain where nothing is spare',
    kitchen: 'drain',
    writes: all,
    nodes: ['zone-b-1'],
    demand: 4,
    floor: 4,
    needed: 2,
    end: { ...one, running: { 'zone-b': 4 }, replicas: { 'zone-b': 4 }, minAvailable: 4 },
  },
  death: {
    title: 'a zone that dies',
    kitchen: 'zones',
    writes: ['reserve', 'grow', 'release', 'status'],
    nodes: ['zone-c-1'],
    demand: 4,
    floor: 4,
    needed: 4,
    end: {
      ...one,
      idle: 2,
      running: { 'zone-d': 4, 'zone-e': 4 },
      replicas: { 'zone-c': 2, 'zone-d': 4, 'zone-e': 4 },
      minAvailable: 4,
    },
  },
  return: {
    title: 'a zone that comes back',
    kitchen: 'zones',
    writes: ['reserve', 'cost', 'shrink', 'release', 'status'],
    nodes: ['zone-c-1'],
    demand: 4,
    floor: 4,
    needed: 0,
    end: {
      ...one,
      running: { 'zone-c': 2, 'zone-d': 2, 'zone-e': 2 },
      replicas: { 'zone-c': 2, 'zone-d': 2, 'zone-e': 2 },
      minAvailable: 4,
    },
  },
};

export const specs: Readonly<Record<string, KitchenSpec>> = {
  loss: { zones: ['zone-a'], survive: { pods: 1 }, stations: [aStation({ replicas: 3 })] },
  drain: { zones: ['zone-b'], survive: { pods: 0 }, stations: [aStation({ replicas: 4 })] },
  zones: {
    zones: ['zone-c', 'zone-d', 'zone-e'],
    survive: { zones: 1, nodes: 1 },
    stations: [aStation({ replicas: 4 })],
  },
};

export type Playing = readonly [
  readonly ScenarioName[],
  WriteKind | undefined,
  (faultStage: FaultStage) => Promise<unknown>,
];

/** A node and a zone die and another node is drained, all at once; then the zone comes back. */
export function plays(): readonly Playing[] {
  const disasters = ({ stage }: FaultStage): Promise<unknown> =>
    Promise.all([
      stage.cluster.kill('node', 'zone-a-1'),
      stage.cluster.kill('zone', 'zone-c'),
      // What keeps it from ending is told by the station that it waits for.
      stage.kubectl('drain', 'zone-b-1', '--ignore-daemonsets', '--timeout=150s').catch(() => undefined),
    ]);
  return [
    [['loss', 'drain', 'death'], undefined, disasters],
    [['return'], 'cost', ({ stage }) => stage.cluster.heal('zone', 'zone-c')],
  ];
}

export function placeOf(name: ScenarioName, id: string): Place {
  return { namespace: id, kitchen: `${scenarios[name].kitchen}-${id}` };
}

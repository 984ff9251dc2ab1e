import { setTimeout as pause } from 'node:timers/promises';
import { release } from '../generate/helm.ts';
import { images } from '../image/images.ts';
import { hubExperiments } from './hubExperiments.ts';
import { nodesByZone, sharedNode, sharedZone } from './look.ts';
import type { Look } from './look.ts';
import { NAMESPACE, PLAIN } from './objects.ts';
import type { Stage } from './stage.ts';

/** The pods, nodes and zone that an experiment hurts. */
export interface Target {
  readonly node: string;
  readonly zone: string;
  /** The nodes of the zone. */
  readonly nodes: readonly string[];
}

/** One thing that is done to a Kitchen and a plain Deployment side by side. */
export interface Experiment {
  /** What happens, in a few words. */
  readonly title: (target: Target) => string;
  /** Whether a person does it on purpose, such as a drain, and could wait for it. Then no request may fail. */
  readonly isVoluntary: boolean;
  /** It is about hubs, so the Kitchen has to be behind them. */
  readonly needsHub?: true;
  /** Demand and the Kitchen's pods afterwards, where they change. */
  readonly after?: { readonly demand: number; readonly full: number };
  /** What has to have happened before. */
  readonly before?: (stage: Stage, target: Target) => Promise<void>;
  readonly happens: (stage: Stage, target: Target) => Promise<void>;
  /** Puts right what was done. */
  readonly ends: (stage: Stage, target: Target) => Promise<void>;
}

const drainArgs = ['--ignore-daemonsets', '--delete-emptydir-data', '--timeout=180s'];

/** Every experiment by its name. */
export const experiments = {
  'drain-node': {
    title: ({ node }) => `node ${node} is drained`,
    isVoluntary: true,
    happens: (stage, { node }) => drain(stage, node),
    ends: uncordon,
  },
  'drain-leader': {
    title: () => 'the node of the leading operator is drained',
    isVoluntary: true,
    happens: async (stage) => drain(stage, await nodeOfLeader(stage)),
    ends: uncordon,
  },
  'drain-zone': {
    title: ({ zone }) => `the nodes of ${zone} are drained, one after another`,
    isVoluntary: true,
    happens: async (stage, { nodes }) => {
      for (const node of nodes) await drain(stage, node);
    },
    ends: uncordon,
  },
  'stop-node': {
    title: ({ node }) => `node ${node} is stopped`,
    isVoluntary: false,
    happens: (stage, { node }) => stop(stage, [node]),
    ends: (stage, { node }) => start(stage, [node]),
  },
  'freeze-node': {
    title: ({ node }) => `node ${node} is frozen: it runs no more, and does not say so`,
    isVoluntary: false,
    happens: async (stage, { node }) => {
      stage.hurt.add(node);
      await stage.docker('pause', node);
    },
    ends: async (stage, { node }) => {
      await stage.docker('unpause', node);
      await untilReady(stage, [node]);
    },
  },
  'lose-zone': {
    title: ({ zone }) => `all nodes of ${zone} are stopped`,
    isVoluntary: false,
    // With a lost zone the declared loss is used up. Of the pods that are left, any one may go.
    after: { demand: 6, full: 7 },
    happens: (stage, { nodes }) => stop(stage, nodes),
    ends: (stage, { nodes }) => start(stage, nodes),
  },
  'bring-zone-back': {
    title: ({ zone }) => `${zone}, gone for three minutes, comes back`,
    isVoluntary: false,
    before: async (stage, { nodes }) => {
      await stop(stage, nodes);
      await pause(180_000, undefined, { signal: stage.signal });
    },
    happens: (stage, { nodes }) => start(stage, nodes),
    ends: () => Promise.resolve(),
  },
  'roll-out': {
    title: () => 'a new template is rolled out',
    isVoluntary: true,
    happens: (stage) => stage.change({ version: '2' }).then(() => rolledOut(stage)),
    ends: () => Promise.resolve(),
  },
  'roll-out-bad-image': {
    title: () => 'an image that does not exist is rolled out',
    isVoluntary: true,
    happens: async (stage) => {
      await stage.change({ image: images.station.tag.replace(/:.*/, ':none') });
      await pause(20_000, undefined, { signal: stage.signal });
    },
    ends: (stage) => stage.restore(),
  },
  'scale-down': {
    title: () => 'demand falls from 6 to 3',
    isVoluntary: true,
    after: { demand: 3, full: 5 },
    happens: async (stage) => {
      await stage.change({ replicas: 3 });
      await pause(20_000, undefined, { signal: stage.signal });
    },
    ends: (stage) => stage.restore(),
  },
  'scale-during-drain': {
    title: ({ node }) => `demand grows from 6 to 8 while node ${node} is drained`,
    isVoluntary: true,
    after: { demand: 8, full: 12 },
    happens: async (stage, { node }) => {
      const drained = drain(stage, node);
      await pause(1_000);
      await Promise.all([stage.change({ replicas: 8 }), drained]);
    },
    ends: async (stage) => {
      await uncordon(stage);
      await stage.restore();
    },
  },
  'kill-operator-during-drain': {
    title: ({ node }) => `the leading operator is killed while node ${node} is drained`,
    isVoluntary: true,
    happens: async (stage, { node }) => {
      const drained = drain(stage, node);
      await pause(1_000);
      await Promise.all([killLeader(stage), drained]);
    },
    ends: uncordon,
  },
  ...hubExperiments,
} as const satisfies Readonly<Record<string, Experiment>>;

export type ExperimentName = keyof typeof experiments;

/** The node and the zone that most pods of both services would miss. */
export function targetOf(seen: Look): Target {
  const zone = sharedZone(seen);
  return { node: sharedNode(seen), zone, nodes: nodesByZone(seen).get(zone) ?? [] };
}

function drain(stage: Stage, node: string): Promise<void> {
  return stage.kubectl(['drain', node, ...drainArgs]);
}

function uncordon(stage: Stage): Promise<void> {
  return stage.kubectl(['uncordon', '--selector', 'topology.kubernetes.io/zone']);
}

async function stop(stage: Stage, nodes: readonly string[]): Promise<void> {
  for (const node of nodes) stage.hurt.add(node);
  await stage.docker('stop', '-t', '1', ...nodes);
}

async function start(stage: Stage, nodes: readonly string[]): Promise<void> {
  await stage.docker('start', ...nodes);
  await untilReady(stage, nodes);
}

/** Waits until the nodes are Ready again. It first waits 5 s, because the API may still call them Ready from before. */
async function untilReady(stage: Stage, nodes: readonly string[]): Promise<void> {
  await pause(5_000, undefined, { signal: stage.signal });
  await stage.until(`${nodes.join(', ')} are Ready`, (seen) =>
    nodes.every((name) => seen.nodes.some((node) => node.name === name && node.isReady)),
  );
  for (const node of nodes) stage.hurt.delete(node);
}

async function rolledOut(stage: Stage): Promise<void> {
  const wait = ['--namespace', NAMESPACE, '--timeout=180s'];
  await stage.kubectl(['rollout', 'status', `deployment/${PLAIN}`, ...wait]);
  await stage.kubectl(['wait', 'stations', '--all', '--for=condition=Ready', ...wait]);
}

async function killLeader(stage: Stage): Promise<void> {
  const force = ['--grace-period=0', '--force'];
  await stage.kubectl(['delete', 'pod', await leader(stage), '--namespace', release.namespace, ...force]);
}

async function nodeOfLeader(stage: Stage): Promise<string> {
  const path = `/api/v1/namespaces/${release.namespace}/pods/${await leader(stage)}`;
  return (await stage.client.request<{ spec: { nodeName: string } }>({ path })).spec.nodeName;
}

/** The pod of the leading operator, as its Lease names it. */
async function leader(stage: Stage): Promise<string> {
  const path = `/apis/coordination.k8s.io/v1/namespaces/${release.namespace}/leases/${release.name}`;
  const { spec } = await stage.client.request<{ spec: { holderIdentity: string } }>({ path });
  return spec.holderIdentity.split('_')[0] ?? '';
}

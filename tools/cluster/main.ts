import { Command, InvalidArgumentError } from 'commander';
import type { Api } from './api.ts';
import {
  addNodes,
  isAlive,
  isReady,
  listNodes,
  reallyRunning,
  removeNode,
  setAlive,
  zoneOf,
  type NodeObject,
  type PodObject,
} from './nodes.ts';
import { apiOf, bringUp, findCluster, takeDown, type NamedCluster } from './named.ts';
import { table } from './table.ts';
import { parseDurationMs } from './timings.ts';

type Name = { readonly name: string };
type Up = Name & {
  readonly zones: number;
  readonly nodes: number;
  readonly podStart: number;
  readonly grace: number;
  readonly audit: boolean;
};

const program = new Command('npm run cluster --')
  .description('A Kubernetes control plane on this machine, with nodes and pods that only pretend.')
  .showHelpAfterError()
  .configureHelp({ showGlobalOptions: true });

command('up', 'start a cluster and leave it running')
  .option('--zones <count>', 'zones', count, 3)
  .option('--nodes <count>', 'nodes in each zone', count, 3)
  .option('--pod-start <duration>', 'from scheduled to ready', parsed(parseDurationMs), 2000)
  .option('--grace <duration>', 'silence after which a node counts as not ready', parsed(parseDurationMs), 50_000)
  .option('--audit', 'log every request to audit.log in its folder', false)
  .action(async ({ name, zones, nodes, podStart, grace, audit }: Up) => {
    const started = performance.now();
    console.error(`starting cluster ${name}`);
    const graceSeconds = Math.max(1, Math.round(grace / 1000));
    const cluster = await bringUp(name, { zones, nodes, podStartMs: podStart, graceSeconds, audit });
    console.log(
      `cluster ${name} is up after ${((performance.now() - started) / 1000).toFixed(1)} s: ${zones} zones of ${nodes} nodes at ${cluster.server}`,
    );
    console.log(`export KUBECONFIG=${cluster.kubeconfig}`);
  });

command('down', 'end it and remove its files').action(async ({ name }: Name) => {
  await takeDown(await findCluster(name));
  console.log(`cluster ${name} is down`);
});

command('status', 'its processes, its nodes and their pods').action(async ({ name }: Name) => {
  await withCluster(name, async (api, cluster) => console.log(await describe(api, cluster)));
});

command('kubeconfig', "print the path of the administrator's kubeconfig").action(async ({ name }: Name) => {
  console.log((await findCluster(name)).kubeconfig);
});

for (const [verb, alive, done] of [
  ['kill', false, 'died'],
  ['heal', true, 'lives'],
] as const) {
  command(verb, alive ? 'let a node or a zone live again' : 'let a node or a zone die: it goes silent')
    .argument('<kind>', 'node or zone', oneOf(['node', 'zone']))
    .argument('<which>', 'its name')
    .action(async (kind: 'node' | 'zone', which: string, { name }: Name) => {
      await withCluster(name, async (api) => {
        const changed = await setAlive(api, { kind, name: which, alive });
        console.log(
          changed.length === 0 ? `nothing to do: ${kind} ${which} ${done} already` : `${done}: ${changed.join(', ')}`,
        );
      });
    });
}

command('add', 'add a node to a zone, old or new')
  .argument('<kind>', 'node', oneOf(['node']))
  .requiredOption('--zone <zone>', 'e.g. zone-a')
  .action(async (_kind: string, { name, zone }: Name & { zone: string }) => {
    await withCluster(name, async (api) =>
      console.log(`added: ${(await addNodes(api, zone, { count: 1 })).join(', ')}`),
    );
  });

command('remove', 'remove a node from the cluster')
  .argument('<kind>', 'node', oneOf(['node']))
  .argument('<which>', 'its name')
  .action(async (_kind: string, which: string, { name }: Name) => {
    await withCluster(name, async (api) => {
      await removeNode(api, which);
      console.log(`removed: ${which}`);
    });
  });

try {
  await program.parseAsync();
} catch (error) {
  console.error(`cluster: ${(error as Error).message}`);
  if ((error as Error).cause) console.error(`  because: ${String((error as Error).cause)}`);
  process.exitCode = 1;
}

function command(name: string, description: string): Command {
  return program.command(name).description(description).option('--name <name>', 'which cluster', 'kitchen');
}

async function withCluster(name: string, act: (api: Api, cluster: NamedCluster) => Promise<void>): Promise<void> {
  const cluster = await findCluster(name);
  if (!cluster.processes.some((entry) => entry.name === 'kube-apiserver' && entry.ended === undefined)) {
    throw new Error(
      `the API server of cluster ${name} does not run; see ${cluster.dir}/kube-apiserver.log, then take it down and up again`,
    );
  }
  const api = await apiOf(cluster);
  try {
    await act(api, cluster);
  } finally {
    await api.close();
  }
}

async function describe(api: Api, cluster: NamedCluster): Promise<string> {
  const [nodes, { items: pods }] = await Promise.all([
    listNodes(api),
    api.call<{ items: PodObject[] }>('GET', '/api/v1/pods'),
  ]);
  const processes = cluster.processes.map((entry) => [
    entry.name,
    String(entry.pid),
    entry.ended === undefined ? 'runs' : `ended: ${entry.ended}`,
  ]);
  const running = reallyRunning(pods, nodes);
  const rows = nodes.map((node) => {
    const here = ({ spec }: PodObject) => spec.nodeName === node.metadata.name;
    return [
      zoneOf(node),
      node.metadata.name,
      stateOf(node),
      isAlive(node) ? 'lives' : 'dead',
      `${running.filter(here).length}/${pods.filter(here).length}`,
    ];
  });
  return [
    `cluster ${cluster.name} at ${cluster.server}, files in ${cluster.dir}`,
    table(['process', 'pid', 'state'], processes),
    table(['zone', 'node', 'kubernetes says', 'in truth', 'pods that run'], rows),
  ].join('\n\n');
}

function stateOf(node: NodeObject): string {
  return `${isReady(node) ? 'Ready' : 'NotReady'}${node.spec?.unschedulable ? ', cordoned' : ''}`;
}

function count(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value <= 5000) return value;
  throw new InvalidArgumentError('write a whole number above 0.');
}

function parsed<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message);
    }
  };
}

function oneOf(allowed: readonly string[]): (text: string) => string {
  return (text) => {
    if (allowed.includes(text)) return text;
    throw new InvalidArgumentError(`write ${allowed.join(' or ')}.`);
  };
}

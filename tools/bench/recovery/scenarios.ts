import type { Stage } from './stage.ts';
import { NODES_A_ZONE } from './stage.ts';
import { mostHurtful } from './targets.ts';
import { subjects } from './subjects.ts';

/** One event and its title. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** What makes a subject done with it: all its pods run, or they are even over the zones besides. */
  readonly until: 'whole' | 'even';
  /** Resolves when it has happened, to what is worth knowing of it. */
  readonly happens: (stage: Stage, limitMs: number) => Promise<string>;
}

/** Scenarios that happen one after another in one cluster, and the operator's flags there. */
export interface Run {
  readonly name: string;
  readonly operatorFlags: readonly string[];
  readonly scenarios: readonly Scenario[];
}

const podKill: Scenario = {
  name: 'pod-kill',
  title: 'a pod is deleted',
  until: 'whole',
  happens: async ({ cluster }) => {
    await Promise.all(
      subjects.map(async ({ name }) => {
        const path = `/api/v1/namespaces/${name}/pods`;
        const { items } = await cluster.api.call<{ items: { metadata: { name: string } }[] }>('GET', path);
        await cluster.api.call('DELETE', `${path}/${items[0]?.metadata.name ?? ''}`);
      }),
    );
    return 'one of each, at the same moment';
  },
};

const nodeKill: Scenario = {
  name: 'node-kill',
  title: 'a node dies',
  until: 'whole',
  happens: (stage) => killed(stage, mostHurtful(stage.tally, 1)),
};

const zoneKill: Scenario = {
  name: 'zone-kill',
  title: 'a zone dies',
  until: 'whole',
  happens: (stage) => killed(stage, mostHurtful(stage.tally, NODES_A_ZONE)),
};

const partialZone: Scenario = {
  name: 'partial-zone',
  title: `3 of ${NODES_A_ZONE} nodes of a zone die`,
  until: 'whole',
  happens: (stage) => killed(stage, mostHurtful(stage.tally, 3)),
};

const zoneReturn: Scenario = {
  name: 'zone-return',
  title: 'the zone comes back',
  until: 'even',
  happens: async ({ cluster, tally }) => {
    const dead = [...tally.zones()].find(([, nodes]) => nodes.some((node) => !tally.alive(node)));
    if (dead === undefined) throw new Error('no zone is dead');
    await cluster.heal('zone', dead[0]);
    return dead[0];
  },
};

const rollingDrain: Scenario = {
  name: 'rolling-drain',
  title: 'a zone is drained node by node',
  until: 'whole',
  happens: (stage, limitMs) => drainedInTurn(stage, mostHurtful(stage.tally, NODES_A_ZONE), limitMs),
};

const threeDrains: Scenario = {
  name: 'three-drains',
  title: 'three nodes in three zones are drained at once',
  until: 'whole',
  happens: async (stage, limitMs) => {
    const nodes = [...stage.tally.zones().keys()].flatMap((zone) => mostHurtful(stage.tally, 1, zone));
    const ended = await Promise.all(nodes.map((node) => drainedInTurn(stage, [node], limitMs)));
    return ended.join('; ');
  },
};

/** The longest first, so that runs that go side by side end at about the same time. */
export const runs: readonly Run[] = [
  { name: 'zone-kill', operatorFlags: [], scenarios: [zoneKill, zoneReturn] },
  { name: 'partial-zone', operatorFlags: [], scenarios: [partialZone] },
  { name: 'node-kill', operatorFlags: [], scenarios: [nodeKill] },
  {
    name: 'node-kill-unsuspected',
    operatorFlags: ['--suspect-after', '0'],
    scenarios: [{ ...nodeKill, name: 'node-kill-unsuspected', title: 'a node dies, --suspect-after 0' }],
  },
  { name: 'rolling-drain', operatorFlags: [], scenarios: [rollingDrain] },
  { name: 'three-drains', operatorFlags: [], scenarios: [threeDrains] },
  { name: 'pod-kill', operatorFlags: [], scenarios: [podKill] },
];

/** The order in which tables and pictures show the scenarios. */
export const scenarioOrder: readonly string[] = [
  'pod-kill',
  'node-kill',
  'node-kill-unsuspected',
  'zone-kill',
  'zone-return',
  'partial-zone',
  'rolling-drain',
  'three-drains',
];

async function killed({ cluster }: Stage, nodes: readonly string[]): Promise<string> {
  await Promise.all(nodes.map((node) => cluster.kill('node', node)));
  return nodes.join(', ');
}

async function drainedInTurn(stage: Stage, nodes: readonly string[], limitMs: number): Promise<string> {
  const began = performance.now();
  for (const [index, node] of nodes.entries()) {
    const leftMs = limitMs - (performance.now() - began);
    if (leftMs <= 0 || !(await stage.drain(node, leftMs)))
      return `${node} (${index + 1} of ${nodes.length}) is not drained after ${Math.round(limitMs / 1000)} s`;
  }
  return `${nodes.join(', ')} drained in ${((performance.now() - began) / 1000).toFixed(0)} s`;
}

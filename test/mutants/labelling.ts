import { nothing, played } from './attacks.ts';
import type { Mutant } from './mutant.ts';

const nodes = 'operator/observe/station/stationNodes.ts';

/** A node is given to the next zone, and that zone dies before its pods are made good. */
const zoneDiesWithAnothersNode = played(
  { nodes: [3, 3, 3], demand: 6, survive: { ...nothing, pods: 1, zones: 1 } },
  [0, { kind: 'relabel', node: 'zone-a-1', zone: 'zone-b' }],
  [0, { kind: 'killZone', zone: 'zone-b' }],
);

/** Operators that judge what runs by what it was made for. */
export const labelling: readonly Mutant[] = [
  {
    name: 'judges what runs by the newest template',
    file: nodes,
    find: 'running.length === 0 ? NO_NODES : pools.get(zone, runningKind(running, zone, template));',
    replace: 'newestIn(zone);',
    also: {
      file: 'operator/observe/station/zoneSighting.ts',
      find: 'const { newest, running, carrying } = here;',
      replace: 'const { newest, running } = here; const carrying: readonly ObservedNode[] = [];',
    },
    shownBy: {
      law: 'soon',
      scenarios: [
        played(
          { nodes: [3, 3], demand: 6, survive: nothing },
          [0, { kind: 'selectPool', pool: 'frist' }],
          [20_000, { kind: 'killNode', node: 'zone-a-1' }],
        ),
      ],
    },
  },
  {
    name: 'says that it survives a zone by where its pods were sent',
    file: 'operator/plan/station/planStation.ts',
    find: 'zone: pod.node?.zone ?? zone.name',
    replace: 'zone: zone.name',
    shownBy: { law: 'promise', scenarios: [zoneDiesWithAnothersNode] },
  },
  {
    name: 'leaves pods in the zone that their node was given to',
    file: 'operator/plan/station/picture.ts',
    find: "misplaced: frozen || view.deployment.state === 'deleting' ? [] : misplacedIn(view, alive),",
    replace: 'misplaced: [],',
    shownBy: {
      law: 'rest',
      scenarios: [
        played({ nodes: [2, 2, 2], demand: 6, survive: { ...nothing, zones: 1 } }, [
          0,
          { kind: 'relabel', node: 'zone-a-1', zone: 'zone-b' },
        ]),
      ],
    },
  },
  {
    name: 'takes a zone for lost that is renamed',
    file: 'operator/observe/station/zoneStay.ts',
    find: "if (moves.left.has(name)) return [fact('out', name)];",
    replace: '',
    shownBy: {
      law: 'rest',
      scenarios: [
        played({ nodes: [2, 2, 2], demand: 6, survive: { ...nothing, zones: 1 } }, [
          0,
          { kind: 'renameZone', zone: 'zone-a' },
        ]),
      ],
    },
  },
  {
    name: 'lets nobody new into a zone that has another name by now',
    file: 'operator/observe/station/zoneStay.ts',
    find: ' || moves.heirs.has(sighting.name)',
    replace: '',
    shownBy: {
      law: 'soon',
      scenarios: [
        played(
          { nodes: [3], demand: 6, survive: nothing },
          [0, { kind: 'renameZone', zone: 'zone-a' }],
          [10_000, { kind: 'killNode', node: 'zone-a-1' }],
        ),
      ],
    },
  },
];

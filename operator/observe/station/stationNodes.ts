/*
 * Which nodes are a station's. Pods that run are judged by where they run now and by the template they were made from.
 * The newest template says only whether it can be rolled out: with a typo in its node selector, or while it is rolled
 * out, the station's zones stay as they were.
 */
import { isEqual } from '../isEqual.ts';
import { ANYWHERE } from '../../api/zone.ts';
import type { ZoneName } from '../../api/zone.ts';
import type { ChildOwner } from '../../model/owner.ts';
import type { Moment } from '../moment.ts';
import { isAlikeForAll } from '../nodes/fleet.ts';
import type { Fleet } from '../nodes/fleet.ts';
import { NodePool } from '../nodes/nodePool.ts';
import { nodeAt, observeNode, zoneOfNode } from '../nodes/nodes.ts';
import type { JudgedNode, ObservedNode } from '../nodes/nodes.ts';
import { newestKind, runningKind } from '../nodes/podKind.ts';
import type { PodKind, RunningTemplate } from '../nodes/podKind.ts';
import type { SharedPool } from '../nodes/sharedPool.ts';
import { lastingTolerations, tolerationsByNode } from '../nodes/tolerations.ts';
import type { DeploymentObject, NodeObject, PodObject } from '../objects.ts';
import { takenBy } from '../ownership.ts';
import type { SnapshotParts } from './parts.ts';

/** The nodes of one zone that take the station's pods, or carry some. */
export interface ZoneNodesSeen {
  /** Those that take the newest template. */
  readonly newest: NodePool;
  /** Those that take the template that the zone's Deployment runs; in a zone without one, a template that any runs. */
  readonly running: NodePool;
  /** Those that carry the station's own pods and are in service, by name. */
  readonly carrying: readonly ObservedNode[];
  /** A node in service is there on which pods are that the station's selectors catch. */
  readonly catches: boolean;
}

/** The nodes of a station. */
export interface StationNodes {
  /** Those on which pods are that the station's selectors catch, by name. */
  readonly own: ReadonlyMap<string, ObservedNode>;
  /** Some node takes the newest template, in service or not. */
  readonly someTakesNewest: boolean;
  /**
   * Zones with nodes that take the newest template. If there are none, say because of a typo in it, zones with nodes
   * that take what runs, so that no zone becomes unknown.
   */
  readonly usableZones: ReadonlySet<ZoneName>;
  readonly nodesIn: (zone: ZoneName) => ZoneNodesSeen;
  /** What was read of the fleet so far. */
  readonly read: ReadonlySet<SharedPool>;
}

/** Finds the station's nodes; `own` are its own pods. */
export function observeStationNodes(
  parts: SnapshotParts,
  { owner, own }: { readonly owner: ChildOwner; readonly own: readonly PodObject[] },
  { moment, fleet }: { readonly moment: Moment; readonly fleet: Fleet },
): StationNodes {
  const { template } = parts.station.object.spec;
  const running = runningTemplates(parts.deployments.filter((each) => takenBy(each, owner) === undefined));
  const there = tolerationsByNode(own);
  const { seen, special } = observeOwn(parts, there, { moment, fleet });
  const pools = new StationPools(fleet, special);
  const zones = new Set([
    ...fleet.zones,
    ...[...special.values()].flatMap((node) => (node ? [zoneOfNode(node.object)] : [])),
  ]);
  const newest = newestKind(template);
  const newestIn = (zone: ZoneName): NodePool => pools.get(zone, newest);
  const runningIn = (zone: ZoneName): NodePool =>
    running.length === 0 ? NO_NODES : pools.get(zone, runningKind(running, zone, template));
  const zonesWith = (nodesIn: (zone: ZoneName) => NodePool): ReadonlySet<ZoneName> =>
    new Set([...zones].filter((zone) => nodesIn(zone).count > 0));
  const takingNewest = zonesWith(newestIn);
  return {
    own: seen,
    someTakesNewest: [...zones].some((zone) => newestIn(zone).size > 0),
    usableZones: takingNewest.size > 0 ? takingNewest : zonesWith(runningIn),
    nodesIn: (zone) => {
      const here = [...seen.values()].filter(({ object, isNew }) => !isNew && isIn(zone, object));
      const carrying = here.filter(({ object }) => there.has(object.name));
      return { newest: newestIn(zone), running: runningIn(zone), carrying, catches: here.length > 0 };
    },
    read: pools.read,
  };
}

const NO_NODES = new NodePool();

interface OwnNodes {
  /** By name, in the order of the names. */
  readonly seen: ReadonlyMap<string, ObservedNode>;
  /** Those that this station sees in another way than the fleet does; undefined: it knows them to be gone. */
  readonly special: ReadonlyMap<string, JudgedNode | undefined>;
}

/** Judges the nodes that carry pods, each by what these pods tolerate. */
function observeOwn(
  parts: SnapshotParts,
  there: ReturnType<typeof tolerationsByNode>,
  { moment, fleet }: { readonly moment: Moment; readonly fleet: Fleet },
): OwnNodes {
  const { template } = parts.station.object.spec;
  const coming = lastingTolerations(template.spec.tolerations);
  const seen = new Map<string, ObservedNode>();
  const special = new Map<string, JudgedNode | undefined>();
  const names = new Set([...parts.pods.map(({ node }) => node), ...(parts.freshNodes?.keys() ?? [])]);
  names.delete('');
  const caught = new Set(parts.pods.map(({ node }) => node));
  for (const name of [...names].toSorted()) {
    const known = fleet.find(name);
    const object = parts.freshNodes === undefined ? known?.object : parts.freshNodes.get(name);
    if (object === undefined) {
      if (known !== undefined) special.set(name, undefined);
      continue;
    }
    const isAsKnown = known !== undefined && isAlikeForAll(object) && isEqual(object, known.object);
    const tenants = { template, tolerations: there.get(name) ?? [coming] };
    const node = isAsKnown ? nodeAt(known, moment.nowMs) : observeNode(object, moment, tenants);
    if (!isAsKnown) special.set(name, node);
    if (caught.has(name)) seen.set(name, node);
  }
  return { seen, special };
}

/** Pools of the fleet as one station sees them. */
class StationPools {
  readonly read = new Set<SharedPool>();
  readonly #fleet: Fleet;
  readonly #special: OwnNodes['special'];
  readonly #own = new Map<SharedPool, NodePool>();

  constructor(fleet: Fleet, special: OwnNodes['special']) {
    this.#fleet = fleet;
    this.#special = special;
  }

  get(zone: ZoneName, kind: PodKind): NodePool {
    const shared = this.#fleet.pool(zone, kind);
    this.read.add(shared);
    if (this.#special.size === 0) return shared.nodes;
    const known = this.#own.get(shared);
    if (known !== undefined) return known;
    const others = [...this.#special]
      .map(
        ([name, node]) =>
          [name, node && isIn(zone, node.object) && kind.takes(node.object) ? node : undefined] as const,
      )
      .filter(([name, node]) => !isSeenAlike(shared.nodes.find(name), node));
    const pool = others.length === 0 ? shared.nodes : shared.nodes.with(new Map(others));
    this.#own.set(shared, pool);
    return pool;
  }
}

function isIn(zone: ZoneName, node: NodeObject): boolean {
  return zone === ANYWHERE || zoneOfNode(node) === zone;
}

/** Whether two judgements of a node say the same of it in a pool. Their moments may differ by what numbers round. */
function isSeenAlike(one: JudgedNode | undefined, other: JudgedNode | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return (
    one.object.uid === other.object.uid &&
    one.state === other.state &&
    Math.abs(one.sinceMs - other.sinceMs) < 1 &&
    one.isNew === other.isNew &&
    one.isOutgoing === other.isOutgoing &&
    one.leaving?.isOpen === other.leaving?.isOpen
  );
}

/** The templates that Deployments run; one without our annotation of its zone is left out. */
export function runningTemplates(deployments: readonly DeploymentObject[]): readonly RunningTemplate[] {
  return deployments.flatMap(({ zone, template }) =>
    zone === undefined ? [] : [{ zone: zone as ZoneName, template: { spec: { containers: [] }, ...template } }],
  );
}

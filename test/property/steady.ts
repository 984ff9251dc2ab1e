import type { World } from './sim/world.ts';

/** What is wrong with a cluster that has come to rest; undefined when the station is as it should be. */
export function steadyProblem(world: World): string | undefined {
  const plan = world.operator.lastPlan;
  if (plan === undefined) return 'nothing was planned';
  if (plan.steps.length > 0) return `at rest, and still planned: ${plan.steps.map((step) => step.kind).join(', ')}`;
  const live = world.zones.filter((zone) => world.isLive(zone));
  // Zones whose every live node is cordoned have no room: what becomes of their share is a later rule's matter.
  if (live.length === 0 || live.some((zone) => world.openNodesOf(zone).length === 0)) return undefined;
  // Nor does anything evict the dead pods of a zone that has lost most of its nodes, and a rollout cannot go on over them.
  if (live.some((zone) => isMostlyLost(world, zone))) return undefined;
  return placementProblem(world, live) ?? budgetProblem(world) ?? drainProblem(world);
}

function isMostlyLost(world: World, zone: string): boolean {
  const known = world.nodesOf(zone).filter((node) => world.server.get('node', node) !== undefined);
  const dead = known.filter((node) => !world.kubelets.isHeard(node));
  return dead.length >= 3 && dead.length > known.length / 2;
}

function placementProblem(world: World, live: readonly string[]): string | undefined {
  const targets = new Map<string, number>(world.operator.lastPlan?.zoneTargets);
  for (const zone of live) {
    const serving = world.servingIn(zone);
    const target = targets.get(zone) ?? 0;
    if (serving < target || (serving > target && !isUneven(world, zone) && !holdsLeavers(world)))
      return `at rest ${zone} has ${serving} of ${target}`;
  }
  return world.truth.serving < world.demand ? `at rest ${world.truth.serving} serve of ${world.demand}` : undefined;
}

/** Pods on a cordoned node that nobody evicts are not counted on, so others stay for them. */
function holdsLeavers(world: World): boolean {
  return world.truth.servingPods.some((pod) => {
    const node = world.server.get('node', pod.node ?? '');
    return node?.cordoned === true || (node?.taints.length ?? 0) > 0;
  });
}

/** No pod of the zone may go: its nodes are so uneven that fewer of them could then be lost. Evening them out is a later rule. */
function isUneven(world: World, zone: string): boolean {
  const loads = new Map(
    world.zones.flatMap((each) => world.nodesOf(each)).map((node) => [node, world.servingOn(node)]),
  );
  const wanted = Math.min(world.survive.nodes, nodesThatMayGo([...loads.values()], world.demand));
  const used = world.nodesOf(zone).filter((node) => (loads.get(node) ?? 0) > 0);
  return used.every((node) => {
    const without = new Map([...loads, [node, (loads.get(node) ?? 0) - 1]]);
    return nodesThatMayGo([...without.values()], world.demand) < wanted;
  });
}

function nodesThatMayGo(loads: readonly number[], demand: number): number {
  let spare = loads.reduce((sum, load) => sum + load, 0) - demand;
  let many = 0;
  for (const load of loads.toSorted((a, b) => b - a)) {
    spare -= load;
    if (spare < 0) return many;
    many += 1;
  }
  return Number.POSITIVE_INFINITY;
}

function budgetProblem(world: World): string | undefined {
  const [budget] = world.server.list('budget');
  return budget?.minAvailable === world.demand
    ? undefined
    : `at rest the budget keeps ${budget?.minAvailable} of demand ${world.demand}`;
}

function drainProblem(world: World): string | undefined {
  const stuck = world.drains.filter((drain) => drain.isStuck && world.kubelets.isHeard(drain.node));
  return stuck.length === 0 ? undefined : `the drain of ${stuck.map((drain) => drain.node).join(', ')} does not end`;
}

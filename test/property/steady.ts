import { isActive, isGoing, isStranger } from '../../tools/simulate/sim/objects.ts';
import type { Step } from '../../operator/model/plan.ts';
import type { World } from '../../tools/simulate/sim/world.ts';

/** What is wrong with a cluster that has come to rest; undefined when the station is as it should be. */
export function steadyProblem(world: World): string | undefined {
  const plan = world.operator.lastPlan;
  if (plan === undefined) return 'nothing was planned';
  const steps = plan.steps.filter((step) => !isTriedAgain(world, step));
  if (steps.length > 0) return `at rest, and still planned: ${steps.map((step) => step.kind).join(', ')}`;
  const live = world.zones.filter((zone) => world.isLive(zone));
  // Nothing evicts the dead pods of a zone that has lost most of its nodes, and a rollout cannot go on over them.
  if (live.length === 0 || live.some((zone) => isMostlyLost(world, zone))) return undefined;
  return (
    placementProblem(world, live) ??
    markProblem(world) ??
    (isTold(world) ? undefined : (budgetProblem(world) ?? drainProblem(world, live)))
  );
}

/** A refusal that stands is no rest: what was refused is tried again every few minutes for as long as that is so. */
export function isTriedAgain({ admission }: World, { kind }: Step): boolean {
  return kind === 'tellToTry' || (kind === 'rollBack' && admission.rollBacksRefused);
}

/** People are told that there is no room, or pods get no further: what waits for them waits for people. */
function isTold(world: World): boolean {
  const nodes = world.zones.flatMap((zone) => world.nodesOf(zone));
  if (nodes.some((node) => world.kubelets.isStalled(node))) return true;
  return world.operator.lastPlan?.problems.some(({ kind }) => kind === 'NoRoom' || kind === 'ZoneStuck') === true;
}

function isMostlyLost(world: World, zone: string): boolean {
  const known = world.nodesOf(zone).filter((node) => world.server.get('node', node) !== undefined);
  const dead = known.filter((node) => !world.kubelets.isHeard(node));
  return dead.length >= 3 && dead.length > known.length / 2;
}

/** Marks stay only on pods that are to go. */
function markProblem(world: World): string | undefined {
  const stay = world.truth.servingPods.filter(({ node = '', cost }) => cost !== undefined && isOpen(world, node));
  return stay.length === 0 ? undefined : `at rest ${stay.map(({ name }) => name).join(', ')} are marked to go first`;
}

function isOpen(world: World, node: string): boolean {
  return world.zones.some((zone) => world.openNodesOf(zone).includes(node));
}

function placementProblem(world: World, live: readonly string[]): string | undefined {
  const targets = new Map<string, number>(world.operator.lastPlan?.zoneTargets);
  for (const zone of live) {
    const serving = world.servingIn(zone);
    const target = targets.get(zone) ?? 0;
    const isShort = serving < target && world.hasRoom(zone);
    if (isShort || (serving > target && !isUneven(world, zone) && !holdsLeavers(world) && !isTold(world)))
      return `at rest ${zone} has ${serving} of ${target}`;
  }
  const isShort = world.truth.serving < world.demand && live.some((zone) => world.hasRoom(zone));
  return isShort ? `at rest ${world.truth.serving} serve of ${world.demand}` : undefined;
}

/** Pods on a cordoned node that nobody evicts are not counted on, so others stay for them. */
function holdsLeavers(world: World): boolean {
  return world.truth.servingPods.some((pod) => {
    const node = world.server.get('node', pod.node ?? '');
    return node !== undefined && isGoing(node);
  });
}

/** No pod of the zone may go: its nodes are so uneven that fewer of them could then be lost, and evening them out was tried. */
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
  const strangers = world.server.list('pod').filter((pod) => isStranger(pod) && isActive(pod) && pod.ready).length;
  return budget?.minAvailable === world.demand + strangers
    ? undefined
    : `at rest the budget keeps ${budget?.minAvailable} of demand ${world.demand} and ${strangers} strangers`;
}

function drainProblem(world: World, live: readonly string[]): string | undefined {
  const stuck = world.drains.filter((drain) => drain.isStuck && world.kubelets.isHeard(drain.node));
  return stuck.length === 0 || !live.some((zone) => world.hasRoom(zone))
    ? undefined
    : `the drain of ${stuck.map((drain) => drain.node).join(', ')} does not end`;
}

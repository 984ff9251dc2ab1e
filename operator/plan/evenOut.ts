/*
 * Even out: a zone's pods sit unevenly on its nodes, as they do after a drain or a node's return, and so the loss of nodes
 * that is declared would not be survived, or would not be if the zone gave back its surplus. The zone grows by one, which
 * the scheduler puts where there is most room; Shrink then takes one from the fullest node. One try for one picture of
 * loads, noted on the Deployment: where the scheduler puts the pod is not ours to say, and unevenness is never paid for
 * with more pods.
 */
import type { Attempt, Tried } from './attempt.ts';
import { isSure } from '../model/pod.ts';
import type { PodView } from '../model/pod.ts';
import type { DeploymentView } from '../model/child.ts';
import type { Picture, ZonePicture } from './picture.ts';
import { TRUST_AT_ONCE, trustedPods } from './trust.ts';
import { NOTHING } from './attempt.ts';
import { deploymentIntent } from './children/deployment.ts';
import { guardRefuses, inFlight } from './guard.ts';
import { HEALED_MS, victimsOf } from './shrink.ts';
import { onlyIf } from './children/intent.ts';
import { marginsOf } from './survival.ts';
import { showZone } from '../api/zone.ts';

/** So long nothing may have moved. */
const QUIET_MS = 30_000;

/** A zone whose nodes hold unequal shares. */
export interface Uneven {
  readonly zone: ZonePicture;
  readonly deployment: DeploymentView;
  /** Pods of each healthy node, the fullest first: `3,2,2,0`. */
  readonly loads: string;
  /** Evening out was tried for these loads, and did not help. */
  readonly tried: boolean;
}

/** The first uneven zone that was not tried yet. */
export function tryEvenOut(picture: Picture): Tried {
  const next = unevenZones(picture).find((uneven) => !uneven.tried);
  if (next === undefined) return NOTHING;
  const restlessMs = restlessFor(picture);
  if (restlessMs === 0) return { attempt: evenOut(picture, next), waits: [] };
  if (restlessMs === undefined) return NOTHING;
  const what = `even out ${showZone(next.zone.name)}`;
  return { attempt: undefined, waits: [{ what, why: 'pods moved a moment ago', lookAgainMs: restlessMs }] };
}

/** Zones with uneven nodes, while that costs pods or what is declared; the one with the fullest node first. */
export function unevenZones(picture: Picture): readonly Uneven[] {
  const { nodes } = picture.snapshot.station.spec.survive;
  if (nodes === 0 || picture.solution.beyond.length > 0) return [];
  const isShort = marginsOf(trustedPods(picture, TRUST_AT_ONCE), picture.demand).nodes < nodes;
  return picture.zones
    .flatMap((zone) => {
      const loads = loadsOf(zone);
      const fullest = loads[0] ?? 0;
      const costs = isShort || isStuck(picture, zone);
      if (zone.deployment === undefined || !costs || !mayTakeOne(zone)) return [];
      if (fullest - (loads.at(-1) ?? 0) < 2) return [];
      const text = loads.join(',');
      const tried = zone.deployment.evened === text;
      return [{ fullest, uneven: { zone, deployment: zone.deployment, loads: text, tried } }];
    })
    .toSorted((a, b) => b.fullest - a.fullest)
    .map(({ uneven }) => uneven);
}

/** Two more than wanted would be paying for unevenness with pods. */
function mayTakeOne(zone: ZonePicture): boolean {
  const { declared, state, full } = zone.view;
  return declared && state === 'live' && full === undefined && surplusOf(zone) <= 1;
}

/** Whether the zone has a pod too many that the guard refuses to let go. */
function isStuck(picture: Picture, zone: ZonePicture): boolean {
  if (surplusOf(zone) <= 0) return false;
  const shrinkage = { zone, to: zone.replicas - 1, victims: victimsOf(zone, 1), healedMs: HEALED_MS };
  return guardRefuses(picture, shrinkage) !== undefined;
}

function surplusOf({ replicas, wanted, owed, misplaced }: ZonePicture): number {
  return replicas - wanted - owed.length - misplaced.length;
}

function loadsOf({ view, alive }: ZonePicture): readonly number[] {
  const healthy = view.nodes.filter(({ state }) => state === 'healthy');
  return healthy.map(({ name }) => alive.filter((pod) => pod.node?.name === name).length).toSorted((a, b) => b - a);
}

/** How long until all has been quiet for long enough; undefined while something is still to happen. */
function restlessFor(picture: Picture): number | undefined {
  const zones = picture.zones.filter((zone) => !zone.held && zone.deployment !== undefined);
  const pods = zones.flatMap(({ view }) => view.pods);
  if (zones.some((zone) => zone.owed.length > 0 || inFlight(zone) !== undefined)) return undefined;
  if (!pods.every(isSettled)) return undefined;
  const nodes = zones.flatMap(({ view }) => view.nodes);
  const ages = [...pods.map((pod) => pod.readyMs), ...nodes.map(({ stateMs }) => stateMs)];
  return Math.max(0, QUIET_MS - Math.min(...ages));
}

function isSettled(pod: PodView): boolean {
  return isSure(pod) && !pod.marked;
}

function evenOut(picture: Picture, { zone, deployment, loads }: Uneven): Attempt {
  const to = zone.replicas + 1;
  const wanted = deploymentIntent(picture.snapshot, zone.view, { replicas: to, template: 'asItRuns', evened: loads });
  const intent = onlyIf(deployment.resourceVersion, wanted);
  const why = `its nodes hold ${loads}, and the loss of the fullest would not be survived; one goes from there then`;
  return {
    reserved: [],
    surge: 0,
    next: () => ({ kind: 'evenOut', zone: zone.name, intent, from: zone.replicas, to, why }),
  };
}

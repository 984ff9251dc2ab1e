/*
 * Even out: adds one pod to a zone whose nodes hold unequal numbers of pods, so that Shrink can then take one from the
 * fullest node.
 *
 *   fullest − emptiest ≥ 2, once for the same loads
 *
 * A drain or the return of a node leaves a zone like that. It matters only when it costs something: the declared loss
 * of nodes would not be survived, or the zone has a pod too many that the guard does not let go.
 *
 * Hard part: the scheduler decides where the new pod goes, and it may choose the wrong node. So each picture of loads
 * is tried once, noted on the Deployment, and unevenness is never paid for with more pods.
 *
 * Example: zone-a has pods 3,3,0 on its nodes after a drain. It grows from 6 to 7, and the new pod lands on the empty
 * node: 3,3,1. Shrink takes one from a full node: 3,2,1.
 */
import type { Attempt, Tried } from '../attempt.ts';
import { isSure } from '../../../model/pod.ts';
import type { PodView } from '../../../model/pod.ts';
import type { DeploymentView } from '../../../model/child.ts';
import type { Picture, ZonePicture } from '../picture.ts';
import { TRUST_AT_ONCE, trustedPods } from './trust.ts';
import { NOTHING } from '../attempt.ts';
import { deploymentIntent } from '../../children/deployment.ts';
import { guardRefuses, inFlight } from '../guard.ts';
import { HEALED_MS, victimsOf } from './shrink.ts';
import { onlyIf } from '../../children/intent.ts';
import { marginsOf } from '../survival.ts';
import { showZone } from '../../../api/zone.ts';

/** No pod and no node may have changed for this long. */
const QUIET_MS = 30_000;

/** A zone whose nodes hold unequal numbers of pods. */
export interface Uneven {
  readonly zone: ZonePicture;
  readonly deployment: DeploymentView;
  /** Pods of each healthy node, the fullest first: `3,2,2,0`. */
  readonly loads: string;
  /** Evening out was tried for these loads, and did not help. */
  readonly tried: boolean;
}

/** The first uneven zone whose loads were not tried yet. */
export function tryEvenOut(picture: Picture): Tried {
  const next = unevenZones(picture).find((uneven) => !uneven.tried);
  if (next === undefined) return NOTHING;
  const restlessMs = restlessFor(picture);
  if (restlessMs === 0) return { attempt: evenOut(picture, next), waits: [] };
  if (restlessMs === undefined) return NOTHING;
  const what = `even out ${showZone(next.zone.name)}`;
  return { attempt: undefined, waits: [{ what, why: 'pods or nodes changed a moment ago', lookAgainMs: restlessMs }] };
}

/** Zones with uneven nodes, while that costs pods or a declared loss; the one with the fullest node first. */
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

/** A zone may have one pod more than wanted. Two would pay for unevenness with pods. */
function mayTakeOne(zone: ZonePicture): boolean {
  const { declared, state, doubt, full } = zone.view;
  return declared && state === 'live' && doubt === undefined && full === undefined && surplusOf(zone) <= 1;
}

/** Whether the zone has a pod too many that the guard does not let go. */
function isStuck(picture: Picture, zone: ZonePicture): boolean {
  if (surplusOf(zone) <= 0) return false;
  const shrinkage = { zone, to: zone.replicas - 1, victims: victimsOf(zone, 1), healedMs: HEALED_MS };
  return guardRefuses(picture, shrinkage) !== undefined;
}

function surplusOf({ replicas, wanted, owed, misplaced }: ZonePicture): number {
  return replicas - wanted - owed.length - misplaced.length;
}

/** How many pods each healthy node holds, the fullest first. Of the empty nodes, no more than there are pods. */
function loadsOf({ view: { nodes }, alive }: ZonePicture): readonly number[] {
  const carrying = nodes.carrying.filter(({ state }) => state === 'healthy');
  const loads = carrying.map(({ name }) => alive.filter((pod) => pod.node?.name === name).length);
  const empty = Math.min(nodes.healthy - carrying.length, alive.length);
  return [...loads, ...Array.from({ length: empty }, () => 0)].toSorted((a, b) => b - a);
}

/** How long until everything has been quiet for long enough; undefined while something must still happen. */
function restlessFor(picture: Picture): number | undefined {
  const zones = picture.zones.filter((zone) => !zone.frozen && zone.deployment !== undefined);
  const pods = zones.flatMap(({ view }) => view.pods);
  if (zones.some((zone) => zone.owed.length > 0 || inFlight(zone) !== undefined)) return undefined;
  if (!pods.every(isSettled)) return undefined;
  const ages = [...pods.map((pod) => pod.readyMs), ...zones.map(({ view }) => view.nodes.calmMs)];
  return Math.max(0, QUIET_MS - Math.min(...ages));
}

function isSettled(pod: PodView): boolean {
  return isSure(pod) && !pod.marked;
}

function evenOut(picture: Picture, { zone, deployment, loads }: Uneven): Attempt {
  const to = zone.replicas + 1;
  const wanted = deploymentIntent(picture.snapshot, zone.view, { replicas: to, template: 'asItRuns', evened: loads });
  const intent = onlyIf(deployment.resourceVersion, wanted);
  const why = `its nodes hold ${loads} pods, and the loss of the fullest would not be survived; with one pod more, one of the fullest can go`;
  return {
    reserved: [],
    surge: 0,
    next: () => ({ kind: 'evenOut', zone: zone.name, intent, from: zone.replicas, to, why }),
  };
}

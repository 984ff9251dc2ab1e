/*
 * Make room: takes one old pod of a zone before a new one comes, where the surge of a rollout has found no room for a
 * minute.
 *
 *   Σ sure of the other zones + min(sure_z, r_z − m) ≥ D        m = 1 + the pods that the zone lacked before
 *
 * There is no room when every node has the host port in use, when anti-affinity is required, or when a quota is just
 * full. The zone's Deployment is told maxUnavailable m and maxSurge 0. The template stays, so no new rollout begins.
 * The Deployment controller takes one old pod, waits until a new one is available in its place, and takes the next. It
 * always leaves r_z − m pods.
 *
 * The formula is checked before the write and in every pass after it, with pods that may be counted on. When a node is
 * lost or leaves, or demand rises, the write that mends or grows the Deployment tells it maxUnavailable 0 again. Only
 * one zone makes room at a time. The budget sets 1 pod apart, from before the write until it is taken back and its
 * controller has seen that.
 *
 * Where a quota is full, another zone that lacks a pod may take the place that the old pod left. Then m is one more a
 * minute later, as long as demand is met. Meanwhile a declared loss may not be survived, and `Survivable` says so.
 * Where demand itself would be cut, the rule waits.
 *
 * Hard part: we may crash right after the write, and the rollout goes on without us. Then at most one pod is missing at
 * any moment, and the budget, left as it is, has set that one apart. Other ways do not work. If we deleted a pod, its
 * old ReplicaSet would make it again. A lower count would be spread over the ReplicaSets in proportion.
 *
 * Example: zone-a has 3 nodes, and its 3 pods use a host port. The new pod finds no node. After a minute one old pod is
 * deleted, and the new pod takes its node.
 */
import type { Attempt, Tried } from '../attempt.ts';
import type { Picture, ZonePicture } from '../picture.ts';
import type { Wait } from '../../../model/plan.ts';
import { NOTHING, waitFor } from '../attempt.ts';
import { count } from '../../../model/words.ts';
import { isOut } from '../../../model/zone.ts';
import type { GuardRefusal } from '../guard.ts';
import { budgetAwaits } from '../guard.ts';
import { deploymentIntent, runsNewestTemplate } from '../../children/deployment.ts';
import { failedTemplate, isOwnFault } from './failedRollout.ts';
import { isStuckForRoom, mayLack } from '../room.ts';
import { onlyIf } from '../../children/intent.ts';
import { showZone } from '../../../api/zone.ts';
import { trustedPods } from './trust.ts';

/** Within this time an autoscaler's node may come, and the room that an ended pod still holds may become free. */
const FULL_FOR_MS = 60_000;

/** The first zone whose rollout goes on only if an old pod goes. Room does not help where the template itself is at fault. */
export function tryMakeRoom(picture: Picture): Tried {
  const { snapshot, zones } = picture;
  const zone = zones.find(
    (each) =>
      isStuckForRoom(each) &&
      each.deployment !== undefined &&
      runsNewestTemplate(snapshot, each.deployment) &&
      mayLack(each) < lacksAfter(each) &&
      !isOwnFault(picture, each),
  );
  if (zone === undefined || failedTemplate(picture) !== undefined) return NOTHING;
  const lacks = lacksAfter(zone);
  const refusal = tooEarly(zone) ?? elsewhere(zones, zone) ?? refusalOf(picture, zone, { lacks, evenIfNew: false });
  if (refusal === undefined) return { attempt: makeRoom(picture, zone, lacks), waits: [] };
  return { attempt: undefined, waits: [waitFor(whatFor(zone), refusal)] };
}

/** Whether a zone where old pods go first may go on like that. */
export function keepsMakingRoom(picture: Picture, zone: ZonePicture): boolean {
  const lacks = mayLack(zone);
  return zone.rolling && lacks > 0 && refusalOf(picture, zone, { lacks, evenIfNew: true }) === undefined;
}

/** Why no old pod may go first in a zone where no rollout is under way yet; undefined when one may. */
export function mayNotMakeRoom(picture: Picture, zone: ZonePicture): string | undefined {
  return refusalOf(picture, zone, { lacks: lacksAfter(zone), evenIfNew: false })?.why;
}

/** How many of its r pods the zone lacks once one more goes. Pods that had no room before the rollout are missing already. */
function lacksAfter({ alive, replicas }: ZonePicture): number {
  return 1 + Math.max(0, replicas - alive.filter(({ ready }) => ready).length);
}

function tooEarly(zone: ZonePicture): GuardRefusal | undefined {
  const leftMs = FULL_FOR_MS * (1 + mayLack(zone)) - (zone.view.unsettledMs ?? 0);
  if (leftMs <= 0) return undefined;
  const why =
    mayLack(zone) === 0 ? 'its new pods find no room for less than a minute' : 'a new pod may still take a freed place';
  return { why, lookAgainMs: leftMs };
}

function elsewhere(zones: readonly ZonePicture[], than: ZonePicture): GuardRefusal | undefined {
  const other = zones.find((zone) => zone !== than && zone.rolling && mayLack(zone) > 0);
  return other && { why: `an old pod goes first in ${showZone(other.name)} now`, lookAgainMs: undefined };
}

function refusalOf(
  picture: Picture,
  zone: ZonePicture,
  { lacks, evenIfNew }: { readonly lacks: number; readonly evenIfNew: boolean },
): GuardRefusal | undefined {
  const unsteady = picture.zones.map(unsteadiness).find((why) => why !== undefined);
  if (unsteady !== undefined) return { why: unsteady, lookAgainMs: undefined };
  const sure = trustedPods(picture, { healedMs: 0, evenIfMarked: [], evenIfNew });
  const own = new Set(zone.alive.map(({ uid }) => uid));
  const here = sure.filter(({ uid }) => own.has(uid)).length;
  const left = sure.length - here + Math.max(0, Math.min(here, zone.replicas - lacks));
  if (left >= picture.demand) return undefined;
  return { why: `it would leave ${left} pods to count on, and demand is ${picture.demand}`, lookAgainMs: undefined };
}

/** Why no other pod may be missing now: a zone is in trouble, a node is lost or leaves with pods of ours, or pods are owed. */
function unsteadiness({ name, view, alive, owed }: ZonePicture): string | undefined {
  if (view.declared && (isOut(view) || view.state === 'failing' || view.state === 'returning')) {
    return `${showZone(name)} is ${view.state}`;
  }
  if (view.declared && view.doubt !== undefined) return `${showZone(name)} may be dying`;
  const { firstDown } = view.nodes;
  const node = firstDown ?? alive.flatMap((pod) => pod.node ?? []).find(({ state }) => state !== 'healthy');
  if (node !== undefined) return `${node.name} is ${node.state}`;
  return owed.length > 0 ? `${count(owed.length, 'pod')} in ${showZone(name)} are being replaced` : undefined;
}

function makeRoom(picture: Picture, zone: ZonePicture, maxUnavailable: number): Attempt {
  return {
    reserved: [],
    surge: 1,
    next: (minAvailable) => {
      const awaited = budgetAwaits(picture, minAvailable);
      if (awaited !== undefined) return waitFor(whatFor(zone), { why: awaited, lookAgainMs: undefined });
      const { replicas, view, deployment } = zone;
      const wanted = deploymentIntent(picture.snapshot, view, { replicas, template: 'asItRuns', maxUnavailable });
      return {
        kind: 'makeRoom',
        zone: zone.name,
        intent: onlyIf(deployment?.resourceVersion ?? '', wanted),
        from: replicas,
        to: replicas,
        why: `its new pods find no room; demand ${picture.demand} is met while one old pod at a time is missing`,
      };
    },
  };
}

function whatFor(zone: ZonePicture): Wait['what'] {
  return `let an old pod go first in ${showZone(zone.name)}`;
}

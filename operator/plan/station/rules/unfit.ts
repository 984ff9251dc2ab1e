/*
 * Unfit: tells which zones have no node that takes pods of a template, and what a person can do.
 *
 * If that is the newest template, it has a typo, or an autoscaler has yet to fill a node pool: only time tells which.
 * If it is the template that runs, labels or taints of nodes have changed since.
 *
 * Example: the new template selects disk=sdd instead of disk=ssd. The message is `zone-a, zone-b: no node has
 * disk=sdd`; what ran before goes on.
 */
import { showZone } from '../../../api/zone.ts';
import type { ZoneView } from '../../../model/zone.ts';
import { whereabouts } from './bringHome.ts';
import { runsNewestTemplate } from '../../children/deployment.ts';
import { isMisplaced } from './misplaced.ts';
import type { Picture, ZonePicture } from '../picture.ts';
import type { Problem } from '../../../model/plan.ts';
import { isStuckForRoom } from '../room.ts';

/** What keeps pods from being made, or the newest template from being rolled out, in words and with the cure. */
export function unfitProblems(picture: Picture): readonly Problem[] {
  const zones = picture.zones.filter(({ view }) => view.declared);
  const barred = zones.filter((zone) => zone.view.runningUnfit !== undefined && !isTrying(picture, zone));
  const waiting = zones.filter((zone) => zone.view.newestUnfit !== undefined && !barred.includes(zone));
  return [
    ...said(
      inWords(barred, ({ runningUnfit }) => runningUnfit),
      'what runs there goes on, and no pod can be made: correct labels and taints of the nodes, or the template',
    ),
    ...said(
      inWords(waiting, ({ newestUnfit }) => newestUnfit),
      'the newest template waits for such a node, and what ran before goes on: correct the template, or add nodes',
    ),
    ...zones.flatMap(renamed),
  ];
}

/** Whether the zone's own template fits no node there and the newest one does: then rolling that out is the cure. */
export function isCured({ view }: ZonePicture): boolean {
  return view.runningUnfit !== undefined && view.newestUnfit === undefined;
}

/** Why the zone's rollout waits for nodes. Nothing else is rolled out before it has shown that they come. */
export function awaitsNodes(picture: Picture, zone: ZonePicture): string | undefined {
  const { newestUnfit } = zone.view;
  if (newestUnfit === undefined || !isTrying(picture, zone) || !isStuckForRoom(zone)) return undefined;
  return `${showZone(zone.name)}: ${newestUnfit}, and one pod waits there to see whether such a node comes`;
}

/**
 * The zones that may get the newest template, without those that the template itself keeps out of. Zones with a fitting
 * node come first.
 */
export function fittingFirst(zones: readonly ZonePicture[]): readonly ZonePicture[] {
  const waits = ({ newestUnfit }: ZoneView): number => (newestUnfit === undefined ? 0 : 1);
  return zones.filter(({ view }) => view.isKeptOut !== true).toSorted((a, b) => waits(a.view) - waits(b.view));
}

/** The newest template is being rolled out there, and pods of the one before may still run. */
function isTrying({ snapshot }: Picture, { deployment, rolling }: ZonePicture): boolean {
  return rolling && deployment !== undefined && runsNewestTemplate(snapshot, deployment);
}

/** Such as `zone-a, zone-b: no node has disk=sdd`. */
function inWords(zones: readonly ZonePicture[], why: (view: ZoneView) => string | undefined): readonly string[] {
  const groups = Map.groupBy(zones, ({ view }) => why(view) ?? '');
  return [...groups].map(([words, same]) => `${same.map(({ name }) => showZone(name)).join(', ')}: ${words}`);
}

function said(why: readonly string[], cure: string): readonly Problem[] {
  if (why.length === 0) return [];
  return [{ kind: 'NoRoom', reason: 'Unschedulable', message: `${why.join('; ')}; ${cure}` }];
}

/** A zone named in `spec.zones` whose nodes carry another zone's label now. */
function renamed({ name, view, alive }: ZonePicture): readonly Problem[] {
  const away = alive.filter(isMisplaced);
  if (view.state !== 'lost' || away.length === 0) return [];
  const message = `${showZone(name)} has no node any more: ${whereabouts(away)}; correct spec.zones, or the nodes’ topology.kubernetes.io/zone`;
  return [{ kind: 'ZoneMissing', reason: 'NoNode', message }];
}

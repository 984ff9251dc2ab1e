/*
 * Zones whose nodes take no pods of a template. With the newest template this is a typo, or a pool that an autoscaler has yet to
 * fill: which of the two, only time tells. With the template that runs, labels or taints of nodes have changed since.
 */
import { showZone } from '../api/zone.ts';
import type { ZoneView } from '../observe/snapshot.ts';
import { whereabouts } from './bringHome.ts';
import { runsNewestTemplate } from './children/deployment.ts';
import { isMisplaced } from './misplaced.ts';
import type { Picture, ZonePicture } from './picture.ts';
import type { Problem } from './plan.ts';
import { isStuckForRoom } from './room.ts';

/** What keeps pods from being made, or a new template from being rolled out, in words and with the cure. */
export function unfitProblems(picture: Picture): readonly Problem[] {
  const zones = picture.zones.filter(({ view }) => view.declared);
  const running = zones.flatMap(({ view }) => view.runningUnfit ?? []);
  const newest = zones.flatMap(({ view }) => (view.runningUnfit === undefined ? (view.newestUnfit ?? []) : []));
  return [
    ...said(
      running,
      'what runs there goes on, and no pod can be made: correct the nodes’ labels and taints, or the template',
    ),
    ...said(newest, 'the newest template waits for such a node: correct it, or add nodes; what ran before goes on'),
    ...zones.flatMap(renamed),
  ];
}

/** Whether the zone's own template fits no node there, and the newest one does: rolling that out is the cure. */
export function isCured({ view }: ZonePicture): boolean {
  return view.runningUnfit !== undefined && view.newestUnfit === undefined;
}

/** Why the zone's rollout waits for nodes that are not there yet; nothing else is rolled out before it has shown that they come. */
export function awaitsNodes(picture: Picture, zone: ZonePicture): string | undefined {
  const { deployment, view } = zone;
  const isNewest = deployment !== undefined && runsNewestTemplate(picture.snapshot, deployment);
  return isNewest && isStuckForRoom(zone) ? view.newestUnfit : undefined;
}

/** Zones that take the newest template before those where its pods will have to wait for nodes. */
export function fittingFirst(zones: readonly ZonePicture[]): readonly ZonePicture[] {
  const waits = ({ newestUnfit }: ZoneView): number => (newestUnfit === undefined ? 0 : 1);
  return zones.toSorted((a, b) => waits(a.view) - waits(b.view));
}

function said(why: readonly string[], cure: string): readonly Problem[] {
  if (why.length === 0) return [];
  return [{ kind: 'NoRoom', reason: 'Unschedulable', message: `${why.join('; ')}; ${cure}` }];
}

/** A zone that is named in `spec.zones`, and whose nodes are called otherwise by now. */
function renamed({ name, view, alive }: ZonePicture): readonly Problem[] {
  const away = alive.filter(isMisplaced);
  if (view.state !== 'lost' || away.length === 0) return [];
  const message = `${showZone(name)} has no node any more: ${whereabouts(away)}; correct spec.zones, or the nodes’ topology.kubernetes.io/zone`;
  return [{ kind: 'ZoneMissing', reason: 'NoNode', message }];
}

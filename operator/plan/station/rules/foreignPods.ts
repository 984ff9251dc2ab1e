/*
 * Foreign pods: tells about strangers, which get the Service's requests and count for the budget, but are not the
 * station's pods.
 *
 * Hard part: a pod may be a stranger for a moment while it passes from one controller to the next. So only one that has
 * been a stranger for 10 s is named.
 *
 * Example: a developer makes a copy of a pod to debug it, with all its labels. The Service sends it requests and the
 * budget counts it. The message names the pod and the label to take off.
 */
import { labels } from '../../../api/labels.ts';
import type { Snapshot } from '../../../model/snapshot.ts';
import type { StrangerView } from '../../../model/pod.ts';
import { LEAVING_MS } from './owed.ts';
import type { Picture } from '../picture.ts';
import type { Problem } from '../../../model/plan.ts';

/** More names than these are of no help. */
const NAMES_AT_MOST = 5;

/** The strangers that have lasted long enough, as one problem. */
export function foreignPods({ snapshot }: Picture): readonly Problem[] {
  const strangers = snapshot.strangers.filter(({ lasting, deletingMs }) => lasting && deletingMs === undefined);
  const names = [...new Set(strangers.map(inWords))];
  const [first] = names;
  if (first === undefined) return [];
  const more = names.length - NAMES_AT_MOST;
  const listed = [...names.slice(0, NAMES_AT_MOST), ...(more > 0 ? [`${more} more`] : [])].join(', ');
  const message = `${listed}: not made by this station’s Deployments, but with its labels: its Service sends them requests and its budget counts them, but they do not count towards demand or what is survived; delete them, or take the label off: kubectl label pod NAME ${labels.station}-`;
  return [{ kind: 'ForeignPods', reason: 'NotOurs', message }];
}

/**
 * Strangers that a drain will evict out of the budget's allowance for our pods: Ready, on a node that has been leaving
 * for long enough.
 */
export function strangersToGo({ strangers }: Pick<Snapshot, 'strangers'>): readonly StrangerView[] {
  return strangers.filter(
    ({ ready, deletingMs, leavingMs }) => ready && deletingMs === undefined && (leavingMs ?? 0) >= LEAVING_MS,
  );
}

/** Names the controller instead of its pods: that is the one thing to cure. */
function inWords({ name, controller, ended }: StrangerView): string {
  if (ended) return `Pod ${name} (it has ended, and still says Ready)`;
  return controller === undefined ? `Pod ${name}` : `what ${controller} makes`;
}

import { labels } from '../api/labels.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { StrangerView } from '../model/pod.ts';
import { LEAVING_MS } from './owed.ts';
import type { Picture } from './picture.ts';
import type { Problem } from '../model/plan.ts';

/** More names than this help nobody. */
const NAMES_AT_MOST = 5;

/** Pods that the station's selectors catch and that are not its own, for long enough to be no passing state. */
export function foreignPods({ snapshot }: Picture): readonly Problem[] {
  const strangers = snapshot.strangers.filter(({ lasting, deletingMs }) => lasting && deletingMs === undefined);
  const names = [...new Set(strangers.map(inWords))];
  const [first] = names;
  if (first === undefined) return [];
  const more = names.length - NAMES_AT_MOST;
  const listed = [...names.slice(0, NAMES_AT_MOST), ...(more > 0 ? [`${more} more`] : [])].join(', ');
  const message = `${listed}: not made by this station’s Deployments, but with its labels, so that its Service sends requests there and its budget counts them, while demand and what is survived do not; delete them, or take the label off: kubectl label pod NAME ${labels.station}-`;
  return [{ kind: 'ForeignPods', reason: 'NotOurs', message }];
}

/** Those that an eviction would take from the same allowance as ours: Ready, on a node that has been leaving for long enough. */
export function strangersToGo({ strangers }: Pick<Snapshot, 'strangers'>): readonly StrangerView[] {
  return strangers.filter(
    ({ ready, deletingMs, leavingMs }) => ready && deletingMs === undefined && (leavingMs ?? 0) >= LEAVING_MS,
  );
}

/** Many pods of one controller are one thing to cure. */
function inWords({ name, controller, ended }: StrangerView): string {
  if (ended) return `Pod ${name} (it has ended, and still says Ready)`;
  return controller === undefined ? `Pod ${name}` : `what ${controller} makes`;
}

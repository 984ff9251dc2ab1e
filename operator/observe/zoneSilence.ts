/*
 * Whether a zone died, by the Leases of its nodes: every node of it is silent, and of the others, heard without a break from
 * before its last renewal until now, are at least nine in ten. That tells the death of a zone, of whatever size, from a slow
 * API server, from one that was away, and from our own watch being cut off: these would have broken the others' renewals
 * too. No more zones at once than stations declare to survive, at least one: more is likelier a fault of the cluster's own.
 *
 * The hard part is that the nodes of a zone renewed at different moments of the same 10 s. So as soon as all of them are
 * overdue, none is judged by itself, and with the last of them the whole zone is silent in one step.
 */

/** A kubelet renews every 10 s: one that was heard no later than this after the time before was heard without a break. */
export const STEADY_MS = 15_000;
/** A Lease that was not renewed for so long is overdue: of all that are well none is, for longer than a moment. */
const OVERDUE_MS = 12_000;
/** Zones that fall silent within this fall silent at once. */
const AT_ONCE_MS = 25_000;
/** Of ten others, so many need not have been heard without a break. */
const MISSED_OF_TEN = 1;

/** One node of all. */
export interface Listener {
  readonly name: string;
  /** Its zone by its label; empty without one, which is a group as a zone is. */
  readonly zone: string;
  /** When it was heard last; −∞ without a Lease, while it is not Ready, ∞ while it is. */
  readonly heardAtMs: number;
  /** Since when without a break; undefined for one that is known to be gone: not Ready, or suspect. */
  readonly steadySinceMs: number | undefined;
  readonly isReady: boolean;
}

/** What the silences are judged by. */
export interface Judging {
  readonly nowMs: number;
  readonly suspectAfterMs: number;
  /** Most zones that may fall silent at once. */
  readonly most: number;
}

interface SilentZone {
  readonly name: string;
  readonly nodes: readonly Listener[];
  readonly lastHeardMs: number;
}

export interface ZoneSilences {
  /** Names of nodes whose zone is silent as a whole, and believed to be dead. */
  readonly dead: ReadonlySet<string>;
  /** Names of nodes whose zone is overdue as a whole: not judged before the last of them is. */
  readonly pending: ReadonlySet<string>;
}

/** Looks at all zones. */
export function zoneSilences(listeners: readonly Listener[], judging: Judging): ZoneSilences {
  const zones = [...Map.groupBy(listeners, ({ zone }) => zone)].map(([name, nodes]) => ({
    name,
    nodes,
    lastHeardMs: Math.max(...nodes.map(({ heardAtMs }) => heardAtMs)),
  }));
  const { nowMs, suspectAfterMs } = judging;
  const silent = zones.filter(({ lastHeardMs }) => nowMs - lastHeardMs >= suspectAfterMs);
  const overdue = zones.filter((zone) => !silent.includes(zone) && nowMs - zone.lastHeardMs >= OVERDUE_MS);
  const silentNames = new Set(silent.map(({ name }) => name));
  const others = listeners.filter(({ zone }) => !silentNames.has(zone));
  const dead = silent.filter((zone) => isAlone(zone, silent, judging.most) && isOnlyOne(zone, others, nowMs));
  return { dead: namesOf(dead), pending: namesOf(overdue) };
}

/** Whether no more zones than may be fell silent with this one; those that the cluster calls lost as well are no news. */
function isAlone({ lastHeardMs }: SilentZone, silent: readonly SilentZone[], most: number): boolean {
  const atOnce = silent.filter(
    (zone) => Math.abs(zone.lastHeardMs - lastHeardMs) <= AT_ONCE_MS && zone.nodes.some(({ isReady }) => isReady),
  );
  return atOnce.length <= most;
}

/** Whether the others were heard without a break since before the zone was heard last. */
function isOnlyOne({ lastHeardMs }: SilentZone, others: readonly Listener[], nowMs: number): boolean {
  const judged = others.filter(({ steadySinceMs }) => steadySinceMs !== undefined);
  const steady = judged.filter(
    ({ heardAtMs, steadySinceMs = Infinity }) => steadySinceMs <= lastHeardMs && nowMs - heardAtMs <= STEADY_MS,
  );
  return steady.length > 0 && (judged.length - steady.length) * 10 <= judged.length * MISSED_OF_TEN;
}

function namesOf(zones: readonly SilentZone[]): ReadonlySet<string> {
  return new Set(zones.flatMap(({ nodes }) => nodes.map(({ name }) => name)));
}

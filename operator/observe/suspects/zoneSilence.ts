/*
 * Whether a zone died, by the Leases of its nodes. A zone of any size is believed to be dead when
 *
 * - every node of it is silent,
 * - at least nine in ten of the other nodes were heard without a break from before its last renewal until now, and
 * - no more zones fell silent at once than stations declare to survive, at least one: more of them are more likely a
 *   fault of the cluster itself.
 *
 * The second condition excludes a slow API server, one that was away, and a watch of ours that was cut off: each of
 * them would have interrupted the renewals of the other nodes too.
 *
 * The hard part is that the nodes of a zone renew at different moments of the same 10 s. So as soon as all of them are
 * overdue, none is judged by itself. When the last of them has fallen silent, the whole zone is judged in one step.
 */

/** A kubelet renews every 10 s: when it is heard again within this time, it was heard without a break. */
export const STEADY_MS = 15_000;
/** A Lease that was not renewed for this long is overdue. That of a healthy node is so for a moment at most. */
export const OVERDUE_MS = 12_000;
/** Zones that fall silent within this time of each other fall silent at once. */
const AT_ONCE_MS = 25_000;
/** Of ten other nodes, this many may have been heard with a break. */
const MISSED_OF_TEN = 1;

/** One node of the cluster. */
export interface HeardNode {
  readonly name: string;
  /** Its zone by its label. The nodes without one (empty) form a group that is judged as a zone. */
  readonly zone: string;
  /** When it was heard last. Without a Lease: `Infinity` while it is Ready, `-Infinity` while it is not. */
  readonly heardAtMs: number;
  /** Since when it has been heard without a break; undefined when it is not Ready, is suspect, or has no Lease. */
  readonly steadySinceMs: number | undefined;
  readonly isReady: boolean;
}

/** What the silences are judged by. */
export interface Judging {
  readonly nowMs: number;
  readonly suspectAfterMs: number;
  /** This many zones may fall silent at once and be believed to be dead. */
  readonly most: number;
}

interface SilentZone {
  readonly name: string;
  readonly nodes: readonly HeardNode[];
  readonly lastHeardMs: number;
}

export interface ZoneSilences {
  /** Names of nodes whose zone is silent as a whole and believed to be dead. */
  readonly dead: ReadonlySet<string>;
  /** Names of nodes whose zone is overdue as a whole. They are not judged before the last of them is silent. */
  readonly pending: ReadonlySet<string>;
}

/** Judges all zones. */
export function zoneSilences(listeners: readonly HeardNode[], judging: Judging): ZoneSilences {
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

/**
 * Whether no more zones than allowed fell silent with this one. Those that the cluster itself calls lost do not count.
 */
function isAlone({ lastHeardMs }: SilentZone, silent: readonly SilentZone[], most: number): boolean {
  const atOnce = silent.filter(
    (zone) => Math.abs(zone.lastHeardMs - lastHeardMs) <= AT_ONCE_MS && zone.nodes.some(({ isReady }) => isReady),
  );
  return atOnce.length <= most;
}

/** Whether the other nodes were heard without a break since before the zone was heard last. */
function isOnlyOne({ lastHeardMs }: SilentZone, others: readonly HeardNode[], nowMs: number): boolean {
  const judged = others.filter(({ steadySinceMs }) => steadySinceMs !== undefined);
  const steady = judged.filter(
    ({ heardAtMs, steadySinceMs = Infinity }) => steadySinceMs <= lastHeardMs && nowMs - heardAtMs <= STEADY_MS,
  );
  return steady.length > 0 && (judged.length - steady.length) * 10 <= judged.length * MISSED_OF_TEN;
}

function namesOf(zones: readonly SilentZone[]): ReadonlySet<string> {
  return new Set(zones.flatMap(({ nodes }) => nodes.map(({ name }) => name)));
}

/*
 * Whether a zone may be dying although Kubernetes calls nodes of it Ready. Kubernetes calls the nodes of a dead zone
 * lost in waves: its node controller first tells all pods of the nodes that it found lost, and only then looks at nodes
 * again (seen: 5 of 7 nodes 31 s after the first two). The scheduler sends pods to the others for as long.
 *
 * - `overdue`: more than half of its nodes are down or have an overdue Lease, and one at least is down. Or none is down
 *   yet, and all have been silent for 15 s.
 *
 * Where Leases do not tell (`--suspect-after 0`), what Kubernetes says must do:
 *
 * - `spreading`: two nodes of it or more were lost within the last 90 s.
 * - `untold`: a node of it is lost, and the API still calls pods there Ready. So Kubernetes is telling pods, and has not
 *   looked at the other nodes. When that took longer than 2 s, the doubt lasts until the next look at nodes, which comes
 *   5 s after the last one ended. Pods of other people cannot be seen, so the doubt may end too early.
 */
import { ANYWHERE } from '../../api/zone.ts';
import { OVERDUE_MS, STEADY_MS } from '../suspects/zoneSilence.ts';
import type { Moment } from '../moment.ts';
import type { ObservedNode } from '../nodes/nodes.ts';
import { ZONE_DEATH_MS } from '../../model/thresholds.ts';
import type { ZoneDoubt } from '../../model/zone.ts';
import type { ZoneSighting } from './zoneSighting.ts';
import type { AgeOf } from './zoneStay.ts';

/** Telling the pods of a few nodes takes less, unless Kubernetes has very many to tell. */
const LONG_TOLD_MS = 2_000;
/** The node controller looks at all nodes 5 s after its last look ended, and a little more. */
const NEXT_LOOK_MS = 6_000;

/** A station is looked at again after this long, since nothing tells that the doubt is over; then after twice as long, and so on. */
const LOOK_AGAIN_MS = 10_000;

/** Why a zone may be dying, and the facts to remember of that. */
export interface ZoneDoubts {
  /** Undefined while nothing says so, and when all of its nodes are down. */
  readonly doubt: ZoneDoubt | undefined;
  readonly facts: readonly string[];
}

/** Judges one zone; `before`: the ages of what was remembered at the look before. */
export function doubtsOf(sighting: ZoneSighting, before: AgeOf, silentMs: Moment['silentMs']): ZoneDoubts {
  const { name, nodes, isTelling } = sighting;
  const { doubted, telling, told } = factsOf(sighting);
  const up = nodes.filter(({ state }) => state !== 'lost' && state !== 'suspect');
  if (name === ANYWHERE || up.length === 0) return { doubt: undefined, facts: [] };
  const down = nodes.length - up.length;
  const wasLong = before(told) !== undefined || (before(telling) ?? 0) >= LONG_TOLD_MS;
  const isTold = down > 0 && !isTelling && wasLong;
  const silence = up.map(({ object }) => silentMs?.(object.name));
  const isUntold = isTelling || (isTold && (before(told) ?? 0) < NEXT_LOOK_MS);
  const doubt = silence.every((ms) => ms !== undefined) ? bySilence(silence, down) : byLosses(nodes, isUntold);
  const facts = [...(isTelling ? [telling] : []), ...(isTold ? [told] : [])];
  return { doubt, facts: doubt === undefined ? facts : [...facts, doubted] };
}

/** When to look again at a zone in doubt. */
export function doubtLookAgainMs(sighting: ZoneSighting, ageOf: AgeOf): readonly number[] {
  const ageMs = ageOf(factsOf(sighting).doubted);
  return ageMs === undefined ? [] : [Math.max(LOOK_AGAIN_MS, ageMs)];
}

function bySilence(silence: readonly number[], down: number): ZoneDoubt | undefined {
  const overdue = silence.filter((ms) => ms >= OVERDUE_MS).length;
  const isMost = down > 0 && overdue > 0 && 2 * (down + overdue) > down + silence.length;
  return isMost || silence.every((ms) => ms >= STEADY_MS) ? 'overdue' : undefined;
}

function byLosses(nodes: readonly ObservedNode[], isUntold: boolean): ZoneDoubt | undefined {
  const lately = nodes.filter(({ state, stateMs }) => state === 'lost' && stateMs < ZONE_DEATH_MS);
  if (lately.length > 1) return 'spreading';
  return isUntold ? 'untold' : undefined;
}

function factsOf({ name }: ZoneSighting): Readonly<Record<'doubted' | 'telling' | 'told', string>> {
  return { doubted: `doubted ${name}`, telling: `telling ${name}`, told: `told ${name}` };
}

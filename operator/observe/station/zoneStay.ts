/*
 * How zones join and leave a station without `spec.zones`.
 *
 * - A zone joins when it has had a healthy node for 10 min.
 * - A zone leaves when it is scaled in: its last nodes were leaving before they went.
 * - A zone whose nodes vanished in another way stays, as a lost one, until it is forgotten (6 h): a cloud deletes the
 *   nodes of a zone that it lost.
 * - A zone that the template or the taints of its nodes bar us from, while our pods still run there, leaves after as
 *   long as it would take to join.
 * - A zone whose nodes now carry the labels of other zones has moved. It leaves at once, and those zones join at once,
 *   because their nodes were ours already.
 */
import type { ZoneName } from '../../api/zone.ts';
import type { Moves } from './zoneMoves.ts';
import type { ZoneSighting } from './zoneSighting.ts';

/** The age of a fact about a station's zones; undefined when it does not hold. */
export type AgeOf = (fact: string) => number | undefined;

/** A zone that joins moves pods. A node that comes and soon goes again must not do that. */
const JOIN_MS = 600_000;

/** What is needed beside the zone itself. */
export interface StayFrame {
  readonly moves: Moves;
  /** How long a zone whose nodes vanished stays known. */
  readonly forgetAfterMs: number;
}

export interface ZoneStay {
  readonly joins: boolean;
  readonly leaves: boolean;
  /** After each of these times age alone makes it join or leave. */
  readonly lookAgainMs: readonly number[];
}

/** Facts that remember since when a zone could be used, and how it lost its nodes. */
export function stayFacts(
  sighting: ZoneSighting,
  before: AgeOf,
  { moves, forgetAfterMs }: StayFrame,
): readonly string[] {
  const { name, nodes, standing } = sighting;
  if (standing === 'outside' && mayTakePods(sighting)) return [fact('usable', name)];
  if (standing !== 'known') return [];
  if (nodes.count > 0 && !sighting.isBarred) return nodes.isOutgoing ? [fact('on its way out', name)] : [];
  if (moves.left.has(name)) return [fact('out', name)];
  // Only the look before tells how the zone went. Each look says again that it is out until a node comes, or the memory
  // would forget it.
  const isOut = before(fact('out', name)) !== undefined || before(fact('on its way out', name)) !== undefined;
  const { why, untilMs } = departure(sighting, forgetAfterMs);
  return [isOut || (before(why) ?? 0) >= untilMs ? fact('out', name) : why];
}

/** Whether the zone joins or leaves, by its facts. */
export function stayOf(sighting: ZoneSighting, ageOf: AgeOf, { moves, forgetAfterMs }: StayFrame): ZoneStay {
  const usableMs = ageOf(fact('usable', sighting.name));
  const { why, untilMs } = departure(sighting, forgetAfterMs);
  const waitingMs = ageOf(why);
  return {
    joins: usableMs !== undefined && (usableMs >= JOIN_MS || moves.heirs.has(sighting.name)),
    leaves: ageOf(fact('out', sighting.name)) !== undefined,
    lookAgainMs: [
      ...(usableMs === undefined || usableMs >= JOIN_MS ? [] : [JOIN_MS - usableMs]),
      ...(waitingMs === undefined ? [] : [untilMs - waitingMs]),
    ],
  };
}

function mayTakePods({ nodes, isBarred }: ZoneSighting): boolean {
  return !isBarred && nodes.healthy > 0;
}

/** Why a zone that takes no more pods leaves the station, and after how long. */
function departure(
  { name, carrying }: ZoneSighting,
  forgetAfterMs: number,
): { readonly why: string; readonly untilMs: number } {
  return carrying.some(({ state }) => state === 'healthy')
    ? { why: fact('barred', name), untilMs: JOIN_MS }
    : { why: fact('vanished', name), untilMs: forgetAfterMs };
}

function fact(what: string, zone: ZoneName): string {
  return `${what} ${zone}`;
}

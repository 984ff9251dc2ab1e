/*
 * How zones come and go without `spec.zones`. A zone joins when it has had a healthy node for a while. It leaves when it is
 * scaled in: its last nodes were leaving before they went. Nodes that vanish otherwise were taken by a cloud that lost the
 * zone, so it stays, as a lost one, until it is forgotten. One that the template or its owners' taints keep us out of, while
 * our pods still run there, is given up after as long as it would take to join. One whose nodes carry the labels of other
 * zones by now has moved: it leaves at once, and those zones join at once, since their nodes were ours already.
 */
import type { ZoneName } from '../api/zone.ts';
import type { ObservedNode } from './nodes.ts';
import type { Moves } from './zoneMoves.ts';
import type { ZoneSighting } from './zoneSighting.ts';

/** The age of a fact told of a station's zones; undefined when it does not hold. */
export type AgeOf = (fact: string) => number | undefined;

/** Joining moves pods: a node that comes and goes must not. */
const JOIN_MS = 600_000;

/** What is to be known beside a zone itself. */
export interface StayFrame {
  readonly moves: Moves;
  /** How long a zone whose nodes vanished is known. */
  readonly forgetAfterMs: number;
}

export interface ZoneStay {
  readonly joins: boolean;
  readonly leaves: boolean;
  /** Age alone makes it join or leave after this long. */
  readonly turnsInMs: readonly number[];
}

/** Facts by which it is remembered since when a zone could be used, and how it lost its nodes. */
export function stayFacts(
  sighting: ZoneSighting,
  before: AgeOf,
  { moves, forgetAfterMs }: StayFrame,
): readonly string[] {
  const { name, nodes, standing } = sighting;
  if (standing === 'outside' && isUsable(sighting)) return [fact('usable', name)];
  if (standing !== 'known') return [];
  if (nodes.length > 0 && !sighting.isBarred) return outgoingFacts(sighting, before);
  if (moves.left.has(name)) return [fact('out', name)];
  // How it went is known only from the look before; that it has gone is told until a node comes.
  const isOut = before(fact('out', name)) !== undefined || before(fact('on its way out', name)) !== undefined;
  const { why, untilMs } = departure(sighting, forgetAfterMs);
  return [isOut || (before(why) ?? 0) >= untilMs ? fact('out', name) : why];
}

/** What the zone's facts come to. */
export function stayOf(sighting: ZoneSighting, ageOf: AgeOf, { moves, forgetAfterMs }: StayFrame): ZoneStay {
  const usableMs = ageOf(fact('usable', sighting.name));
  const { why, untilMs } = departure(sighting, forgetAfterMs);
  const waitingMs = ageOf(why);
  return {
    joins: usableMs !== undefined && (usableMs >= JOIN_MS || moves.heirs.has(sighting.name)),
    leaves: ageOf(fact('out', sighting.name)) !== undefined,
    turnsInMs: [
      ...(usableMs === undefined || usableMs >= JOIN_MS ? [] : [JOIN_MS - usableMs]),
      ...(waitingMs === undefined ? [] : [untilMs - waitingMs]),
    ],
  };
}

function isUsable({ nodes, isBarred }: ZoneSighting): boolean {
  return !isBarred && nodes.some(({ state }) => state === 'healthy');
}

/** Which nodes are leaving, and whether that is all of them; one that is shut down goes on leaving. */
function outgoingFacts({ name, nodes }: ZoneSighting, before: AgeOf): readonly string[] {
  const going = nodes.filter(
    (node) =>
      node.state === 'leaving' || (node.state !== 'healthy' && node.isGoing && before(goingFact(node)) !== undefined),
  );
  return [...going.map(goingFact), ...(going.length === nodes.length ? [fact('on its way out', name)] : [])];
}

/** For which reason a zone without a node to plan with is not one of the station's, and after how long. */
function departure(
  { name, carrying }: ZoneSighting,
  forgetAfterMs: number,
): { readonly why: string; readonly untilMs: number } {
  return carrying.some(({ state }) => state === 'healthy')
    ? { why: fact('barred', name), untilMs: JOIN_MS }
    : { why: fact('vanished', name), untilMs: forgetAfterMs };
}

function goingFact({ object }: ObservedNode): string {
  return `going ${object.uid}`;
}

function fact(what: string, zone: ZoneName): string {
  return `${what} ${zone}`;
}

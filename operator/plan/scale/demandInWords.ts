/*
 * Demand in words: says in one sentence, with the numbers, why demand is what it is.
 *
 * Example: `9 = ⌈4.4 cores / (70 % of 700m)⌉; the window holds 11 until 12:04 UTC`.
 */
import type { LoadLimit } from '../../api/status.ts';
import type { LoadUnit } from './printFigure.ts';
import { printFigure } from './printFigure.ts';

/** The metric that asks for most, as it was measured. */
export interface AskedBy {
  readonly name: string;
  readonly unit: LoadUnit;
  /** The sum over the pods, in the metric's own unit. */
  readonly total: number;
  /** What one pod is to carry, in words. */
  readonly target: string;
  /** The pods that it asks for. */
  readonly pods: number;
}

/** What was decided, and what the sentence has to name of it. */
export interface DemandSaid {
  readonly demand: number;
  readonly limitedBy: LoadLimit | undefined;
  /** Undefined: no metric is known. */
  readonly asked: AskedBy | undefined;
  /** When the window lets go. */
  readonly heldUntil?: Date | undefined;
}

/** The sentence. */
export function demandInWords(said: DemandSaid): string {
  const { demand, limitedBy, asked } = said;
  if (asked === undefined) return limitedBy === 'Fallback' ? `${demand} is the fallback` : `demand stays ${demand}`;
  const target = asked.unit === '' ? asked.target : `(${asked.target})`;
  const sum = `${asked.pods} = ⌈${totalInWords(asked)} / ${target}⌉`;
  const limit = limitInWords(said);
  if (limit !== undefined) return `${sum}; ${limit}`;
  return asked.pods === demand ? sum : `${sum}; within tolerance of ${demand}`;
}

function limitInWords({ demand, limitedBy, heldUntil }: DemandSaid): string | undefined {
  switch (limitedBy) {
    case 'Min':
      return `demand is minReplicas, ${demand}`;
    case 'Max':
      return `demand is maxReplicas, ${demand}`;
    case 'Rate':
      return `demand is ${demand} on the way, as it rises by 4 or twofold within 15 s`;
    case 'Window':
      return `the window holds ${demand}${heldUntil === undefined ? '' : ` until ${clockTime(heldUntil)}`}`;
    case 'Fallback':
      return `the fallback holds ${demand}`;
    case undefined:
      break;
  }
  return undefined;
}

function totalInWords({ name, unit, total }: AskedBy): string {
  return `${printFigure(total, unit)} ${unit === 'cores' ? unit : name}`;
}

/** `12:04 UTC`: a status is read in every time zone. */
function clockTime(at: Date): string {
  return `${at.toISOString().slice(11, 16)} UTC`;
}

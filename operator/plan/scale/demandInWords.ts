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
export function demandInWords({ demand, limitedBy, asked, heldUntil }: DemandSaid): string {
  if (asked === undefined) return limitedBy === 'Fallback' ? `${demand} is the fallback` : `demand stays ${demand}`;
  const sum = `${asked.pods} = ⌈${totalInWords(asked)} / ${asked.unit === '' ? asked.target : `(${asked.target})`}⌉`;
  switch (limitedBy) {
    case 'Min':
      return `${sum}; demand is minReplicas, ${demand}`;
    case 'Max':
      return `${sum}; demand is maxReplicas, ${demand}`;
    case 'Rate':
      return `${sum}; demand is ${demand} on the way, as it rises by 4 or twofold within 15 s`;
    case 'Window':
      return `${sum}; the window holds ${demand}${heldUntil === undefined ? '' : ` until ${clockTime(heldUntil)}`}`;
    case 'Fallback':
      return `${sum}; the fallback holds ${demand}`;
    case undefined:
      return asked.pods === demand ? sum : `${sum}; within tolerance of ${demand}`;
  }
}

function totalInWords({ name, unit, total }: AskedBy): string {
  return `${printFigure(total, unit)} ${unit === 'cores' ? unit : name}`;
}

/** `12:04 UTC`: a status is read in every time zone. */
function clockTime(at: Date): string {
  return `${at.toISOString().slice(11, 16)} UTC`;
}

import type { Pod } from '../traffic/layout.ts';
import { DOOMED } from '../traffic/layout.ts';
import { load } from '../traffic/load.ts';
import { startNodes } from '../traffic/nodes.ts';
import { untilReady } from '../traffic/play.ts';
import { scheduleOf } from '../traffic/schedule.ts';
import type { Pace } from '../traffic/schedule.ts';
import type { Outcome } from '../traffic/tally.ts';
import type { Way } from '../traffic/ways/way.ts';

/**
 * - well: all pods answer alike.
 * - slow: those of one zone take ten times as long.
 * - shifted: they still do, and requests have left the zone.
 * - over: they are well again, and the shift has ended.
 */
export const phases = ['well', 'slow', 'shifted', 'over'] as const;
export type Phase = (typeof phases)[number];

/** The zone that gets slow. */
export const SLOW_ZONE = DOOMED;
const TIMES = 10;

/** A way that new requests can be led out of a zone on; without `shift`, nothing can. */
export interface ShiftableWay extends Way {
  readonly shift?: (zone: string | undefined) => Promise<void>;
}

export interface ShiftPlay extends Pace {
  readonly way: (pods: readonly Pod[]) => Promise<ShiftableWay>;
  /** How long a pod that is well takes to answer. */
  readonly answerMs: number;
  /** A client gives up after this. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Plays the phases one after the other, and tells what became of the requests that were sent in each. */
export async function playShift(options: ShiftPlay): Promise<ReadonlyMap<Phase, readonly Outcome[]>> {
  const { answerMs, signal, timeoutMs } = options;
  await using field = await startNodes({ answerMs });
  await using way = await options.way(field.nodes.flatMap(({ pods }) => pods));
  await untilReady(way, signal);
  const sick = field.nodes.filter(({ zone }) => zone === SLOW_ZONE);
  const make: Readonly<Record<Phase, () => Promise<void> | undefined>> = {
    well: () => undefined,
    slow: () => {
      sick.forEach((node) => node.slow(TIMES));
      return undefined;
    },
    shifted: () => way.shift?.(SLOW_ZONE),
    over: () => {
      sick.forEach((node) => node.slow(1));
      return way.shift?.(undefined);
    },
  };
  const schedule = scheduleOf(options);
  const outcomes = new Map<Phase, readonly Outcome[]>();
  for (const [index, phase] of phases.entries()) {
    const following = phases[index + 1];
    let changed: Promise<void> | undefined;
    const sent = await load(schedule, {
      next: () => way.next(),
      timeoutMs,
      signal,
      // The last requests of a phase are under way when the next begins: they have to end all the same.
      onSend: (number) => {
        if (number !== schedule.length - 1 || following === undefined) return;
        changed = Promise.resolve(make[following]());
        changed.catch(() => undefined);
      },
    });
    await changed;
    outcomes.set(phase, sent);
  }
  way.check();
  return outcomes;
}

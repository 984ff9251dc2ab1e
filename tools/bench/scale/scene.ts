import { setTimeout as pause } from 'node:timers/promises';
import { endOf, isOperators, writesIn } from '../audit.ts';
import type { AuditLine } from '../audit.ts';
import type { Census } from './census.ts';
import { PODS } from './stage.ts';
import type { Stage } from './stage.ts';
import { sumOf } from './meters.ts';
import { quantile } from './reaction.ts';
import type { Spread } from './result.ts';

const PATIENCE_MS = 15 * 60_000;

/** The data that all phases of a measurement use. */
export interface Scene {
  readonly stage: Stage;
  readonly census: Census;
  readonly kitchens: number;
  readonly stations: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** How many stations run all their pods. Pods on dead nodes do not count. */
export function whole({ census }: Scene, dead: ReadonlySet<string>): number {
  return [...census.running(dead).values()].filter((pods) => pods >= PODS).length;
}

/** Waits until the count reaches all stations, and prints progress. Throws after a quarter of an hour. */
export async function until({ stations, stage, signal, say }: Scene, what: string, count: () => number): Promise<void> {
  const began = performance.now();
  const watching = async (): Promise<void> => {
    for (let toldMs = 0; count() < stations; await pause(100, undefined, { signal })) {
      const nowMs = performance.now() - began;
      if (nowMs > PATIENCE_MS) throw new Error(`only ${count()} of ${stations} ${what} after ${seconds(nowMs)} s`);
      if (nowMs - toldMs < 10_000) continue;
      toldMs = nowMs;
      say(`${count()} of ${stations} ${what}`);
    }
  };
  await Promise.race([watching(), stage.failed]);
}

/** Waits until the operator has written nothing for ten seconds. */
export async function quiet({ stage, signal, say }: Scene): Promise<void> {
  say('waiting until what is under way has ended');
  for (let from = await endOf(stage.cluster.auditLog); ;) {
    await Promise.race([pause(10_000, undefined, { signal }), stage.failed]);
    const writes = operatorWrites(await writesIn(stage.cluster.auditLog, from));
    if (writes.length === 0) return;
    from = await endOf(stage.cluster.auditLog);
  }
}

/** The operator's writes, without those to its own Lease. */
export function operatorWrites(writes: readonly AuditLine[]): readonly AuditLine[] {
  return writes.filter((line) => isOperators(line) && line.objectRef?.resource !== 'leases');
}

/** How often the operator has looked at a Kitchen or Station so far. */
export async function looksOf({ stage }: Scene): Promise<number> {
  return sumOf(await stage.operator(), 'controller_runtime_reconcile_total');
}

/** Seconds, rounded to a tenth: the measurement is not more precise. */
export function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}

/** Median and 99th percentile, in ms. */
export function spread(values: readonly number[]): Spread {
  return { p50: Math.round(quantile(values, 0.5)), p99: Math.round(quantile(values, 0.99)) };
}

/** Rounded to a tenth. */
export function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

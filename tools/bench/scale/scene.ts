import { setTimeout as pause } from 'node:timers/promises';
import { endOf, writesIn } from '../audit.ts';
import type { OperatorFlags } from '../operator.ts';
import { takeCensus } from './census.ts';
import type { Census } from './census.ts';
import { sumOf } from './meters.ts';
import { quantile } from './reaction.ts';
import type { Size, Spread } from './result.ts';
import { openStage, PODS } from './stage.ts';
import type { Stage } from './stage.ts';
import { isOurs } from './writes.ts';

/** Making all pods takes a few times as long as making those of one zone. */
const SERVED_WITHIN = 4;

/** What a run needs to be set up. */
export interface SceneOptions {
  readonly size: Size;
  readonly operator: OperatorFlags;
  /** How long the stations may take to be whole after a death. */
  readonly limitMs: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** A cluster in which all Kitchens are served and nothing is under way. */
export interface Scene extends AsyncDisposable {
  readonly stage: Stage;
  readonly census: Census;
  readonly servedS: number;
  readonly limitMs: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** Sets the scene up in a new cluster. Throws when the Kitchens are not served within a few times the limit. */
export async function setScene({ size, operator, limitMs, signal, say }: SceneOptions): Promise<Scene> {
  signal.throwIfAborted();
  await using left = new AsyncDisposableStack();
  const stage = left.use(await openStage({ size, operator, say }));
  const census = left.use(await takeCensus(stage.cluster.kubeconfig));
  const over = new AbortController();
  // When the scene is over, for whatever reason, no wait in it goes on.
  left.defer(() => over.abort());
  const parts = { stage, census, limitMs, signal: AbortSignal.any([signal, over.signal]), say };
  const began = performance.now();
  const patienceMs = limitMs * SERVED_WITHIN;
  const [isServed] = await Promise.all([
    until(parts, { what: 'stations run all their pods', dead: new Set(), limitMs: patienceMs }),
    stage.order(),
  ]);
  if (!isServed) throw new Error(`not all stations ran all their pods after ${seconds(patienceMs)} s`);
  const servedS = seconds(performance.now() - began);
  say(`all stations run after ${servedS} s`);
  await quiet(parts);
  const kept = left.move();
  return { ...parts, servedS, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** How many stations run all their pods. Pods on dead nodes do not count. */
function whole(census: Census, dead: ReadonlySet<string>): number {
  return [...census.running(dead).values()].filter((pods) => pods >= PODS).length;
}

/** Waits until all stations run all their pods, and prints progress. Resolves to false when that takes too long. */
export async function until(
  { stage, census, signal, say }: Pick<Scene, 'stage' | 'census' | 'signal' | 'say'>,
  { what, dead, limitMs }: { readonly what: string; readonly dead: ReadonlySet<string>; readonly limitMs: number },
): Promise<boolean> {
  const began = performance.now();
  const watching = async (): Promise<boolean> => {
    for (let tellMs = 2_000; ; await pause(100, undefined, { signal })) {
      const count = whole(census, dead);
      if (count >= stage.stations) return true;
      const nowMs = performance.now() - began;
      if (nowMs > limitMs) return false;
      if (nowMs < tellMs) continue;
      tellMs = nowMs + 10_000;
      say(`${count} of ${stage.stations} ${what}`);
    }
  };
  return Promise.race([watching(), stage.failed]);
}

/** Waits until the operator has written nothing for ten seconds. Throws when it goes on for longer than the limit. */
export async function quiet({
  stage,
  limitMs,
  signal,
  say,
}: Pick<Scene, 'stage' | 'limitMs' | 'signal' | 'say'>): Promise<void> {
  say('waiting until what is under way has ended');
  const deadline = performance.now() + limitMs;
  for (let from = await endOf(stage.cluster.auditLog); ;) {
    await Promise.race([pause(10_000, undefined, { signal }), stage.failed]);
    const writes = (await writesIn(stage.cluster.auditLog, from)).filter(isOurs);
    if (writes.length === 0) return;
    if (performance.now() > deadline) throw new Error(`the operator still writes after ${seconds(limitMs)} s`);
    from = await endOf(stage.cluster.auditLog);
  }
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

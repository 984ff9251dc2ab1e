import { setTimeout as pause } from 'node:timers/promises';
import { Curve } from './curve.ts';
import type { CurveFigures, Step } from './curve.ts';
import { experiments, targetOf } from './experiments.ts';
import type { Experiment, ExperimentName, Target } from './experiments.ts';
import { PLAIN, serviceOf, STATION } from './objects.ts';
import { FULL } from './stage.ts';
import type { Stage } from './stage.ts';
import { toldUntil, trafficOf } from './traffic.ts';
import type { Traffic } from './traffic.ts';

const PERIOD_MS = 250;
/** The load runs this long before the experiment. A request that fails then has another reason. */
const CALM_MS = 5_000;
/** A service has recovered when no pod was missing for this long. */
const STEADY_MS = 8_000;
/** After the Kitchen has recovered, wait at most this long for the plain Deployment, by default. */
const PATIENCE_MS = 120_000;
/** The longest time that an experiment is watched. After it, the figures say how many pods are still missing. */
const LIMIT_MS = 420_000;

/** The result for one service. */
export interface Part extends CurveFigures {
  readonly demand: number;
  readonly full: number;
  readonly traffic: Traffic;
  readonly steps: readonly Step[];
}

/** What an experiment showed. */
export interface Outcome {
  readonly name: ExperimentName;
  readonly title: string;
  readonly isVoluntary: boolean;
  readonly rate: number;
  readonly lengthMs: number;
  /** When the control plane no longer called any node Ready that was hurt: traffic goes to their pods until then. The first look where none was. */
  readonly noticedAfterMs: number;
  readonly kitchen: Part;
  readonly plain: Part;
  /** What became of requests to a service that nothing was done to. */
  readonly control: Traffic;
}

/** Does one experiment on a stage that is whole, watches both services until they are whole again or patience ends, and puts everything right. */
export async function play(stage: Stage, name: ExperimentName, patienceMs = PATIENCE_MS): Promise<Outcome> {
  const experiment: Experiment = experiments[name];
  const target = targetOf(await stage.look());
  await experiment.before?.(stage, target);
  await stage.startLoad();
  await pause(CALM_MS, undefined, { signal: stage.signal });
  const demand = serviceOf('0s').replicas;
  const after = experiment.after ?? { demand, full: FULL };
  const promised = Math.min(demand, after.demand);
  const curves = { kitchen: new Curve(promised, after.full), plain: new Curve(promised, after.demand) };
  const began = Date.now();
  let ended = began;
  try {
    const noticedAfterMs = await watch(stage, { ...curves, patienceMs }, experiment.happens(stage, target));
    ended = Date.now();
    const log = await loadLogUntil(stage, ended);
    const span = { fromMs: began, toMs: ended };
    const part = (which: 'kitchen' | 'plain'): Part => ({
      demand: promised,
      full: curves[which].full,
      ...curves[which].figures(),
      traffic: trafficOf(log, which, span),
      steps: curves[which].steps(),
    });
    return {
      name,
      title: experiment.title(target),
      isVoluntary: experiment.isVoluntary,
      rate: stage.rate,
      lengthMs: ended - began,
      noticedAfterMs,
      kitchen: part('kitchen'),
      plain: part('plain'),
      control: trafficOf(log, 'control', span),
    };
  } finally {
    await putRight(stage, experiment, target);
  }
}

interface Watched {
  readonly kitchen: Curve;
  readonly plain: Curve;
  readonly patienceMs: number;
}

/** Returns when the control plane had noticed what was hurt, in ms after the beginning. */
async function watch(stage: Stage, { kitchen, plain, patienceMs }: Watched, happening: Promise<void>): Promise<number> {
  const began = performance.now();
  const happened = { isOver: false, failure: undefined as unknown };
  happening.then(
    () => (happened.isOver = true),
    (error: unknown) => (happened.failure = error),
  );
  let kitchenWholeMs: number | undefined;
  let noticedMs: number | undefined;
  for (;;) {
    if (happened.failure !== undefined) throw happened.failure;
    const seen = await stage.look();
    const atMs = performance.now() - began;
    kitchen.count(stage.running(seen, STATION), atMs);
    plain.count(stage.running(seen, PLAIN), atMs);
    const isUnnoticed = seen.nodes.some(({ name, isReady }) => isReady && stage.hurt.has(name));
    noticedMs = isUnnoticed ? undefined : (noticedMs ?? Math.round(atMs));
    const isNoticed = noticedMs !== undefined && atMs - noticedMs >= STEADY_MS;
    const isWhole = happened.isOver && isNoticed && kitchen.isSteady(STEADY_MS);
    kitchenWholeMs = isWhole ? (kitchenWholeMs ?? atMs) : undefined;
    const isOver = isWhole && (plain.isSteady(STEADY_MS) || atMs - (kitchenWholeMs ?? atMs) > patienceMs);
    if (isOver || atMs > LIMIT_MS) return noticedMs ?? Math.round(atMs);
    await pause(PERIOD_MS, undefined, { signal: stage.signal });
  }
}

/**
 * Reads the load's log up to this moment. The load reports each second only some seconds later, when no answer is open
 * any more.
 */
async function loadLogUntil(stage: Stage, wallMs: number): Promise<string> {
  for (let tries = 0; ; tries += 1) {
    const log = await stage.loadLog();
    if (toldUntil(log) >= Math.floor(wallMs / 1000) - 1 || tries >= 20) return log;
    await pause(500, undefined, { signal: stage.signal });
  }
}

/** Undoes the experiment, also after an interruption. Then it does not wait for the effect. */
async function putRight(stage: Stage, experiment: Experiment, target: Target): Promise<void> {
  try {
    await stage.stopLoad();
    await experiment.ends(stage, target);
  } catch (error) {
    if (!stage.signal.aborted) throw error;
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import { isControlPlanes, isOperators, writesIn } from '../audit.ts';
import type { Stage } from './stage.ts';
import { dipOf, isWhole } from './curve.ts';
import type { ScenarioResult, SubjectResult } from './result.ts';
import type { Scenario } from './scenarios.ts';
import { DEMAND, subjects } from './subjects.ts';
import type { Following } from './tally.ts';

/** A subject has recovered when no pod was missing for this long. */
const STEADY_MS = 3_000;
/** Every scenario is watched for at least this long, since its effect may come late. */
const LEAST_MS = 15_000;
const TELL_EVERY_MS = 20_000;

/** Plays a scenario and counts pods until every subject has recovered, or the limit has passed. */
export async function measure(
  stage: Stage,
  scenario: Scenario,
  { limitMs, say }: { readonly limitMs: number; readonly say: (line: string) => void },
): Promise<ScenarioResult> {
  const began = performance.now();
  const beganAt = new Date().toISOString();
  const following = subjects.map((subject) => stage.tally.follow(subject));
  let note: string | undefined;
  const happened = scenario.happens(stage, limitMs).then((what) => (note = what));
  const over = async (): Promise<void> => {
    for (let toldMs = 0; ; await pause(200)) {
      const nowMs = performance.now() - began;
      if (nowMs >= limitMs && note !== undefined) return;
      if (nowMs >= LEAST_MS && note !== undefined && isDone(stage, scenario, { following, nowMs })) return;
      if (nowMs - toldMs < TELL_EVERY_MS) continue;
      toldMs = nowMs;
      say(following.map((each) => `${each.subject.name} ${each.points().at(-1)?.running ?? 0}`).join(', '));
    }
  };
  await Promise.race([Promise.all([over(), happened]), stage.failed]);
  const endMs = performance.now() - began;
  for (const each of following) each.stop();
  const writes = (await writesIn(stage.cluster.auditLog)).filter((line) => line.requestReceivedTimestamp >= beganAt);
  const results = following.map((each): SubjectResult => {
    const own = writes.filter(({ objectRef }) => objectRef?.namespace === each.subject.name);
    return {
      ...resultOf(each, endMs),
      writes: { operator: own.filter(isOperators).length, controlPlane: own.filter(isControlPlanes).length },
      zones: Object.fromEntries(
        [...stage.tally.zones().keys()].map((zone) => [zone, stage.tally.byZone(each.subject).get(zone) ?? 0]),
      ),
    };
  });
  const { name, title } = scenario;
  return { name, title, note: note ?? '', seconds: tenths(endMs), subjects: results };
}

function isDone(
  { tally }: Stage,
  { until }: Scenario,
  { following, nowMs }: { readonly following: readonly Following[]; readonly nowMs: number },
): boolean {
  return following.every((each) => {
    const { subject } = each;
    if (!tally.isSettled(subject) || !isWhole(each.points(), nowMs, STEADY_MS)) return false;
    if (until === 'whole') return true;
    // Kubernetes never evens out a Deployment again, so there is nothing to wait for.
    if (!subject.isKitchen) return true;
    const loads = [...tally.zones().keys()].map((zone) => tally.byZone(subject).get(zone) ?? 0);
    return tally.running(subject) === subject.pods && Math.max(...loads) - Math.min(...loads) <= 1;
  });
}

function resultOf(each: Following, endMs: number): Omit<SubjectResult, 'writes' | 'zones'> {
  const { name, title, pods } = each.subject;
  const points = each.points();
  const { least, podSeconds, belowMs, wholeAfterMs } = dipOf(points, DEMAND, endMs);
  const steps = points.filter(({ running }, index) => running !== points[index - 1]?.running);
  return {
    name,
    title,
    pods,
    least,
    podSeconds: Math.round(podSeconds * 10) / 10,
    belowSeconds: tenths(belowMs),
    wholeSeconds: wholeAfterMs === undefined ? null : tenths(wholeAfterMs),
    made: each.made(),
    curve: steps.map(({ atMs, running }) => [tenths(atMs), running] as const),
  };
}

function tenths(ms: number): number {
  return Math.round(ms / 100) / 10;
}

import type { FailingPods, ZoneView } from '../../model/zone.ts';
import { DENIED_MS, FAILING_MS, STUCK_MS } from '../../model/thresholds.ts';
import type { FirstSeen } from '../../engine/memory.ts';
import type { PodObject } from '../objects.ts';
import type { Child, DeploymentView } from '../../model/child.ts';

/** When this many pods of one ReplicaSet fail that were made within a minute, it is not an accident. */
const AGAIN_AND_AGAIN = 3;
/** Pods that were made further apart than this do not count as one after another. */
const WINDOW_SECONDS = 60;
/** The planner acts differently on failed or refused pods from these ages on. */
const TURNS_MS = [FAILING_MS, DENIED_MS, STUCK_MS] as const;

interface Seeing {
  readonly memory: FirstSeen;
  readonly nowMs: number;
}

/**
 * Judges whether a zone's Deployment can make its pods: whether its ReplicaSet may make any, and whether they end as
 * Failed one after another. `lookAgainMs`: after how long each the planner acts differently by age alone.
 */
export function observeMaking(
  deployment: Child<DeploymentView>,
  failedPods: readonly PodObject[],
  { memory, nowMs }: Seeing,
): { readonly view: Pick<ZoneView, 'notMadeMs' | 'failing'>; readonly lookAgainMs: readonly number[] } {
  if (deployment.state !== 'ours') return { view: {}, lookAgainMs: [] };
  const subject = `what ${deployment.uid} makes`;
  const last = newestOfMany(failedPods);
  const newest = last === undefined ? '' : `newest ${last.uid}`;
  const newestMs = memory.ageMs(subject, newest, nowMs) ?? 0;
  const isGoingOn = last !== undefined && newestMs < 1000 * WINDOW_SECONDS;
  const failing = isGoingOn ? `failing ${last.replicaSet}` : '';
  const notMade = deployment.replicaFailure === undefined ? '' : `not made ${deployment.templateHash}`;
  const facts = [newest, failing, notMade].filter((fact) => fact !== '');
  const ages = memory.observe(subject, facts, nowMs);
  const [notMadeMs, failingMs] = [ages.get(notMade), ages.get(failing)];
  return {
    view: {
      ...(notMadeMs === undefined ? {} : { notMadeMs }),
      ...(last === undefined || failingMs === undefined ? {} : { failing: failingView(last, failingMs, newestMs) }),
    },
    lookAgainMs: [notMadeMs, failingMs].flatMap((ageMs = Infinity) =>
      TURNS_MS.filter((ms) => ms > ageMs).map((ms) => ms - ageMs),
    ),
  };
}

/** The newest of the pods that failed one after another; undefined when they are too few. */
function newestOfMany(failedPods: readonly PodObject[]): PodObject | undefined {
  const [first] = failedPods;
  if (first === undefined) return undefined;
  const newest = failedPods.reduce((a, b) => (b.createdAt > a.createdAt ? b : a), first);
  const near = failedPods.filter(
    ({ replicaSet, createdAt }) => replicaSet === newest.replicaSet && createdAt > newest.createdAt - WINDOW_SECONDS,
  );
  return near.length < AGAIN_AND_AGAIN ? undefined : newest;
}

function failingView({ replicaSet, failed }: PodObject, ageMs: number, newestMs: number): FailingPods {
  return { replicaSet, reason: failed?.reason ?? '', message: failed?.message ?? '', ageMs, newestMs };
}

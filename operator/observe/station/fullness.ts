import { FULL_MS, NO_ROOM_MS } from '../../model/thresholds.ts';
import type { FirstSeen } from '../../engine/memory.ts';
import type { ZoneView } from '../../model/zone.ts';
import { alivePods } from '../../model/pod.ts';
import type { PodView } from '../../model/pod.ts';
import type { DeploymentView } from '../../model/child.ts';

/** Why a zone takes no more pods, as the scheduler, the API server or we say it; undefined while it may take more. */
export function fullOf(
  pods: readonly PodView[],
  deployment: Pick<DeploymentView, 'replicaFailure'> | undefined,
  slowAfterMs: number,
): string | undefined {
  const alive = alivePods(pods);
  const unplaced = alive.find(({ unschedulable }) => (unschedulable?.ageMs ?? 0) >= NO_ROOM_MS);
  if (unplaced?.unschedulable !== undefined) return unplaced.unschedulable.message;
  if (deployment?.replicaFailure !== undefined) return deployment.replicaFailure;
  const slow = alive.find((pod) => pod.slow);
  if (slow === undefined) return undefined;
  return `${slow.name} is not Ready on ${slow.node?.name ?? 'its node'} after ${slowAfterMs / 1000} s, three times the start-up time`;
}

/** How long the set of full zones has been the same; `lookAgainMs`: after how long that is long enough to act on. */
export interface Fullness {
  readonly fullMs: number;
  readonly lookAgainMs: number | undefined;
}

/** Tells the memory which zones are full. `fullMs` is `Infinity` while none was full since the operator started. */
export function observeFullness(
  zones: readonly Pick<ZoneView, 'name' | 'declared' | 'state' | 'full'>[],
  { stationUid, memory, nowMs }: { readonly stationUid: string; readonly memory: FirstSeen; readonly nowMs: number },
): Fullness {
  const names = zones.filter(isFull).map(({ name }) => name);
  const subject = `full zones of ${stationUid}`;
  const wasFull = memory.ageMs(subject, 'some', nowMs) !== undefined;
  if (names.length === 0 && !wasFull) return { fullMs: Infinity, lookAgainMs: undefined };
  const set = `full ${JSON.stringify(names.toSorted())}`;
  const fullMs = memory.observe(subject, ['some', set], nowMs).get(set) ?? 0;
  return { fullMs, lookAgainMs: fullMs < FULL_MS ? FULL_MS - fullMs : undefined };
}

function isFull({ declared, state, full }: Pick<ZoneView, 'declared' | 'state' | 'full'>): boolean {
  return declared && full !== undefined && state !== 'lost' && state !== 'shifted' && state !== 'absent';
}

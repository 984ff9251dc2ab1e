import type { Clock } from '../../engine/clock.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Refusal, Refusals } from '../refusals.ts';

/** Where refusals are remembered, and the time. */
export interface Remembering {
  readonly refusals: Refusals;
  readonly clock: Clock;
}

/**
 * A snapshot with what is remembered of writes: a rollout, the way back or a Service that was refused is not tried, and must not be
 * waited for; fields that others change are told.
 */
export function withRemembered(snapshot: Snapshot, { refusals, clock }: Remembering): Snapshot {
  const { uid = '', generation = 0 } = snapshot.station.metadata;
  const nowMs = clock.monotonicMs();
  const refusalOf = (kind: string): Refusal | undefined => refusals.findKind({ uid, generation }, kind, nowMs);
  const templateRefused = refusalOf('rollOut');
  const rollBackRefused = refusalOf('rollBack');
  const serviceRefused = refusalOf('applyService');
  return {
    ...snapshot,
    ...contestsOf(snapshot, refusals.contests.of(uid, nowMs)),
    ...(templateRefused === undefined ? {} : { templateRefused }),
    ...(rollBackRefused === undefined ? {} : { rollBackRefused }),
    ...(serviceRefused === undefined ? {} : { serviceRefused }),
  };
}

function contestsOf(
  snapshot: Snapshot,
  { contests, lookAgainMs }: ReturnType<Refusals['contests']['of']>,
): Pick<Snapshot, 'contests' | 'lookAgainMs'> {
  if (lookAgainMs === undefined) return {};
  return { contests, lookAgainMs: Math.min(snapshot.lookAgainMs ?? Infinity, lookAgainMs) };
}

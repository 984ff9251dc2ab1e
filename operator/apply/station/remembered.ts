import type { Clock } from '../../engine/clock.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Refusal, Refusals } from '../refusals.ts';

/** Where refusals are remembered, and the time. */
export interface Remembering {
  readonly refusals: Refusals;
  readonly clock: Clock;
}

/**
 * Adds to a snapshot what is remembered of writes. The API server may have refused a rollout, a rollback or the
 * Service: then the plan must neither try it again yet nor wait for it. Fields that others change are added too, so
 * that the status names them.
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

import { logUntold } from './logResults.ts';
import type { LogFields } from './log.ts';
import type { Reported, Reporting } from './reporting.ts';
import { isTold, turnsCondition, writeStatus } from './statusWrite.ts';
import type { StatusOf } from './statusWrite.ts';
import { GATHERING_MS, PATIENCE_MS } from './untold.ts';
import type { Untold } from './untold.ts';

/** A status, and the news whose events are sent once it is written. */
interface Telling<S, News> {
  readonly status: StatusOf<S>;
  readonly news: readonly News[];
  readonly untold: Untold<News>;
  readonly about: LogFields;
}

/**
 * Writes the status if it differs from the one that is there. While stations wait for a worker, the write waits up to
 * 15 s. When only figures and words have changed, it waits 1 s. Example: a pod is not Ready for half a second; then the
 * status does not change at all.
 */
export async function tell<S extends object, News>(
  { status, news, untold, about }: Telling<S, News>,
  reporting: Reporting,
): Promise<Reported> {
  const { uid = '' } = status.metadata;
  const nowMs = reporting.clock.monotonicMs();
  const gatheringMs = news.length > 0 || turnsCondition(status) ? 0 : GATHERING_MS;
  const lookAgainMs = untold.patienceMs(uid, nowMs, reporting.isBehind() ? PATIENCE_MS : gatheringMs);
  if (lookAgainMs > 0 && !isTold(status)) {
    untold.keep(uid, news, nowMs);
    return { told: 'later', lookAgainMs };
  }
  try {
    await writeStatus(reporting, status);
  } catch (error) {
    logUntold(reporting.log, error, about);
    untold.keep(uid, news, nowMs);
    return { told: false, error };
  }
  untold.forget(uid);
  return { told: true };
}

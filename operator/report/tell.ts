import type { Hurry } from './hurry.ts';
import { logUntold } from './logResults.ts';
import type { LogFields } from './log.ts';
import type { Reported, Reporting } from './reporting.ts';
import { isTold, writeStatus } from './statusWrite.ts';
import type { StatusOf } from './statusWrite.ts';
import type { Untold } from './untold.ts';

/** A status, and the news whose events are sent once it is written. */
interface Telling<S, News> {
  readonly status: StatusOf<S>;
  readonly hurry: Hurry;
  readonly news: readonly News[];
  readonly untold: Untold<News>;
  readonly about: LogFields;
}

/**
 * Writes the status if it differs from the one that is there, and if it may not wait any longer. Example: a pod is not
 * Ready for half a second; then the status does not change at all.
 */
export async function tell<S extends object, News>(
  { status, hurry, news, untold, about }: Telling<S, News>,
  reporting: Reporting,
): Promise<Reported> {
  const { uid = '' } = status.metadata;
  const nowMs = reporting.clock.monotonicMs();
  const lookAgainMs = untold.patienceMs(uid, { hurry, isBehind: reporting.isBehind(), nowMs });
  if (lookAgainMs > 0 && !isTold(status)) {
    untold.keep(uid, news, { hurry, nowMs });
    return { told: 'later', lookAgainMs };
  }
  try {
    await writeStatus(reporting, status);
  } catch (error) {
    logUntold(reporting.log, error, about);
    untold.keep(uid, news, { hurry, nowMs });
    return { told: false, error };
  }
  untold.forget(uid);
  return { told: true };
}

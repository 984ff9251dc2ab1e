import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Clock } from '../engine/clock.ts';
import type { Client } from '../kube/client.ts';
import { messageOf } from '../kube/errors.ts';
import { elect, usualTerms } from '../kube/lease.ts';
import type { Log } from '../report/log.ts';
import type { Metrics } from '../report/metrics.ts';

/** The usual name of the Lease, and the name of this operator everywhere it needs one. */
export const operatorName = 'kitchen-operator';

export interface LeadOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'leading'>;
  readonly namespace: string;
  /** The name of the Lease. */
  readonly name: string;
  readonly stopping: AbortSignal;
  /** Serves one term; resolves some time after its signal was aborted. */
  readonly serve: (term: Term) => Promise<void>;
  /** Called once, with how to find out whether another process leads. */
  readonly onCandidacy: (isElsewhere: () => boolean) => void;
  /** Called when leadership begins or ends. */
  readonly onLeading: (isLeading: boolean) => void;
}

export interface Term {
  /** Aborted when the term is over, or the process is to stop. */
  readonly signal: AbortSignal;
  /** Aborted when the Lease is lost: writes on their way must not arrive any more. */
  readonly lost: AbortSignal;
  /** Asked before every write: false as soon as another process may have begun to write. */
  readonly mayWrite: () => boolean;
}

/**
 * Stands for election until told to stop, and serves each term that it wins. When a term is lost, writing ends at once;
 * the process goes on watching and stands for election again. When told to stop, it releases the Lease only after the
 * running passes have ended. Rejects when serving a term rejects.
 */
export async function leadWhenElected(options: LeadOptions): Promise<void> {
  const { client, clock, log, stopping } = options;
  const candidacy = new AbortController();
  const failed = Promise.withResolvers<never>();
  let served: Promise<void> = Promise.resolve();
  const leadership = elect({
    ...usualTerms,
    client,
    clock,
    namespace: options.namespace,
    name: options.name,
    identity: `${hostname()}_${randomUUID()}`,
    signal: candidacy.signal,
    onStarted: (term) => {
      log.info('leading');
      announce(options, true);
      const mayWrite = (): boolean => leadership.mayWrite();
      const signal = AbortSignal.any([term, stopping]);
      served = served.then(() => options.serve({ signal, lost: term, mayWrite }));
      served.catch((error: unknown) => failed.reject(error));
    },
    onLost: (why) => {
      log.warn(`no longer leading: ${why}; still watching, and standing for election again`);
      announce(options, false);
    },
    onError: (error) => log.warn(`election: ${messageOf(error)}`),
  });
  options.onCandidacy(() => leadership.isElsewhere());
  try {
    await Promise.race([aborted(stopping), failed.promise]);
    await served;
  } finally {
    candidacy.abort();
    await leadership.ended;
    announce(options, false);
  }
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function announce({ metrics, name, onLeading }: LeadOptions, isLeading: boolean): void {
  metrics.leading(name, isLeading);
  onLeading(isLeading);
}

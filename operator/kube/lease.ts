import type { Clock } from '../engine/clock.ts';
import type { CallOptions, Client } from './client.ts';
import { isCode } from './errors.ts';
import { microTime } from './microTime.ts';
import type { KubeObject } from '../api/kubernetes/object.ts';
import { apiVersionOf, leases } from '../api/kubernetes/resource.ts';

export interface ElectOptions {
  readonly client: Client;
  readonly namespace: string;
  readonly name: string;
  /** Different from that of any other process, also of an earlier one on the same machine. */
  readonly identity: string;
  /** How long others wait after they saw the last renewal. */
  readonly leaseMs: number;
  /** How long the leader writes after its last successful renewal; the rest of `leaseMs` is for writes on their way. */
  readonly renewDeadlineMs: number;
  /** The pause between two attempts. */
  readonly lookAgainMs: number;
  readonly clock: Clock;
  /** Abort it after the last write: then the lease is released, so that another process takes over at once. */
  readonly signal: AbortSignal;
  /** Called when a term begins; its signal is aborted when leadership is lost or given up. */
  readonly onStarted: (term: AbortSignal) => void;
  /** Called when leadership was lost, not given up; another term may begin later. */
  readonly onLost: (why: string) => void;
  /** Called when an attempt failed; another one follows. */
  readonly onError: (error: unknown) => void;
}

export interface Leadership {
  /** Whether writing is safe now: the lease is ours, and no other process can have taken it yet. Ask before every write. */
  mayWrite(): boolean;
  /** Whether another process holds the lease, and it has not expired. */
  isElsewhere(): boolean;
  /** The holder of the lease as far as is known. */
  readonly holder: string | undefined;
  /** Resolves when the signal was aborted and the lease, if held, was released; rejects only when a callback threw. */
  readonly ended: Promise<void>;
}

/** The defaults of Kubernetes' own components. */
export const usualTerms = { leaseMs: 15_000, renewDeadlineMs: 10_000, lookAgainMs: 2_000 } as const;

/** How long a write may take: one begun just before the renew deadline ends a second before another process may write. */
export const writeWithinMs = usualTerms.leaseMs - usualTerms.renewDeadlineMs - 1_000;

/**
 * Runs for leader on a Lease, as client-go does. Another process's lease counts as expired when it has not changed for
 * its duration by our own monotonic clock; the times written in it are never compared with ours. Our own lease counts
 * from before the renewal was sent, so that we stop before another process may start.
 */
export function elect(options: ElectOptions): Leadership {
  const { leaseMs, renewDeadlineMs, lookAgainMs } = options;
  if (!(lookAgainMs > 0 && lookAgainMs < renewDeadlineMs && renewDeadlineMs < leaseMs)) {
    throw new RangeError('leader election needs lookAgainMs < renewDeadlineMs < leaseMs, such as 2000 < 10000 < 15000');
  }
  return new Candidate(options);
}

interface LeaseSpec {
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  readonly acquireTime?: string;
  readonly renewTime?: string;
  readonly leaseTransitions?: number;
}

interface Lease extends KubeObject {
  readonly spec?: LeaseSpec;
}

type Renewal = 'held' | 'taken' | 'failed';

class Candidate implements Leadership {
  readonly ended: Promise<void>;
  readonly #options: ElectOptions;
  /** The lease as last seen; undefined when it must be looked at before writing. */
  #lease: Lease | undefined;
  #holder: string | undefined;
  /** The version of the lease that was seen last, and since when: that tells whether another's lease has expired. */
  #seen = { version: '', sinceMs: 0 };
  /** When the last renewal that succeeded was sent; undefined while not leading. */
  #renewedMs: number | undefined;

  constructor(options: ElectOptions) {
    this.#options = options;
    this.ended = this.#run();
  }

  get holder(): string | undefined {
    return this.#holder;
  }

  mayWrite(): boolean {
    return this.#leftMs() > 0;
  }

  async #run(): Promise<void> {
    const { signal, clock, lookAgainMs, renewDeadlineMs } = this.#options;
    while (!signal.aborted) {
      if ((await this.#renew(renewDeadlineMs / 2)) === 'held') await this.#lead();
      else await clock.sleep(lookAgainMs, signal);
    }
  }

  async #lead(): Promise<void> {
    const { signal, clock, lookAgainMs, renewDeadlineMs, onStarted, onLost } = this.#options;
    const term = new AbortController();
    onStarted(term.signal);
    let last: Renewal = 'held';
    while (!signal.aborted && last !== 'taken' && this.mayWrite()) {
      await clock.sleep(Math.min(lookAgainMs, this.#leftMs()), signal);
      // Half of the time: after an attempt on a dead connection there is time for another one.
      if (this.mayWrite()) last = await this.#renew(Math.min(this.#leftMs(), renewDeadlineMs / 2));
    }
    const mayRelease = signal.aborted && this.mayWrite();
    this.#renewedMs = undefined;
    term.abort(new Error('this process no longer leads'));
    if (mayRelease) await this.#release();
    else if (last === 'taken') onLost(`${this.#holder ?? 'another process'} has taken the lease`);
    else onLost(`the lease could not be renewed within ${renewDeadlineMs / 1000} s`);
  }

  /** Takes or renews the lease when that is allowed. */
  async #renew(timeoutMs: number): Promise<Renewal> {
    const { signal, clock, onError } = this.#options;
    if (signal.aborted) return 'failed';
    try {
      if (this.#lease === undefined || this.#renewedMs === undefined) await this.#look({ timeoutMs, signal });
      if (this.isElsewhere()) return 'taken';
      const sentMs = clock.monotonicMs();
      this.#saw(await this.#write(this.#spec(), { timeoutMs, signal }));
      this.#renewedMs = sentMs;
      return 'held';
    } catch (error) {
      this.#lease = undefined;
      if (!signal.aborted) onError(error);
      return 'failed';
    }
  }

  #leftMs(): number {
    const { clock, renewDeadlineMs } = this.#options;
    return this.#renewedMs === undefined ? 0 : this.#renewedMs + renewDeadlineMs - clock.monotonicMs();
  }

  async #look(limits: CallOptions): Promise<void> {
    const { client, namespace, name } = this.#options;
    try {
      this.#saw(await client.get<Lease>({ resource: leases, namespace, name }, limits));
    } catch (error) {
      if (!isCode(error, 'notFound')) throw error;
      this.#lease = undefined;
    }
  }

  #saw(lease: Lease): void {
    const version = lease.metadata.resourceVersion ?? '';
    this.#lease = lease;
    this.#holder = lease.spec?.holderIdentity;
    if (version !== this.#seen.version) this.#seen = { version, sinceMs: this.#options.clock.monotonicMs() };
  }

  isElsewhere(): boolean {
    const { holderIdentity = '', leaseDurationSeconds } = this.#lease?.spec ?? {};
    if (holderIdentity === '' || holderIdentity === this.#options.identity) return false;
    const leaseMs = leaseDurationSeconds === undefined ? this.#options.leaseMs : leaseDurationSeconds * 1000;
    return this.#options.clock.monotonicMs() - this.#seen.sinceMs < leaseMs;
  }

  #spec(): LeaseSpec {
    const { identity, leaseMs, clock } = this.#options;
    const now = microTime(clock.now());
    const { holderIdentity, acquireTime = now, leaseTransitions = 0 } = this.#lease?.spec ?? {};
    const mine = this.#lease === undefined || holderIdentity === identity;
    return {
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(leaseMs / 1000),
      acquireTime: mine ? acquireTime : now,
      renewTime: now,
      leaseTransitions: mine ? leaseTransitions : leaseTransitions + 1,
    };
  }

  /** Writes only over the version that was read: of several candidates one succeeds. */
  #write(spec: LeaseSpec, limits: CallOptions): Promise<Lease> {
    const { client, namespace, name } = this.#options;
    if (this.#lease === undefined) {
      const lease = { apiVersion: apiVersionOf(leases), kind: leases.kind, metadata: { name, namespace }, spec };
      return client.create<Lease>({ resource: leases, namespace }, lease, limits);
    }
    const { resourceVersion = '' } = this.#lease.metadata;
    const patch = { metadata: { resourceVersion }, spec };
    return client.patch<Lease>({ resource: leases, namespace, name }, patch, { ...limits, type: 'merge' });
  }

  /** Reads the lease first, because the last renewal may have been cut off on its way. */
  async #release(): Promise<void> {
    const limits = { timeoutMs: 1_500 };
    const spec = { holderIdentity: '', leaseDurationSeconds: 1, renewTime: microTime(this.#options.clock.now()) };
    try {
      await this.#look(limits);
      const holdsIt = this.#lease?.spec?.holderIdentity === this.#options.identity;
      if (holdsIt) this.#saw(await this.#write(spec, limits));
    } catch (error) {
      this.#options.onError(error);
    }
  }
}

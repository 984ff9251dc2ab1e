import type { StationSpec } from '../../../operator/api/station.ts';
import type { Cluster } from './cluster.ts';
import { isActive, isStranger } from './objects.ts';
import type { Demands } from './truth.ts';

type Terms = Pick<StationSpec, 'survive'> & Partial<Pick<StationSpec, 'whenNoRoom'>>;

/** What the operator can be held to now: the demand that it may know of, less what was asked to be given up. */
export class Expectations implements Demands {
  readonly #cluster: Cluster;
  readonly #terms: Terms;
  /** Since when the operator has been down. */
  readonly #downSinceMs: () => number | undefined;
  readonly #demands: { readonly sinceMs: number; readonly demand: number }[] = [];
  #pausedSinceMs: number | undefined;
  #promised = 0;
  /** Asked after everything that happens: counted once a version. */
  #rolling = { version: -1, is: false };
  #dipped = { pods: 0, atMs: -Infinity };

  constructor(cluster: Cluster, terms: Terms, downSinceMs: () => number | undefined) {
    this.#cluster = cluster;
    this.#terms = terms;
    this.#downSinceMs = downSinceMs;
  }

  get demand(): number {
    return this.#demands.at(-1)?.demand ?? 0;
  }

  ask(demand: number): void {
    this.#demands.push({ sinceMs: this.#cluster.agenda.nowMs, demand });
  }

  /** More demand than before only counts once it was met. */
  note(serving: number): void {
    if (serving >= this.demand && !this.rolling()) this.#promised = this.demand;
  }

  pause(): void {
    this.#pausedSinceMs ??= this.#cluster.agenda.nowMs;
  }

  unpause(): void {
    this.#pausedSinceMs = undefined;
  }

  floor(): number {
    const { nowMs } = this.#cluster.agenda;
    const fromMs = Math.min(nowMs, this.#blind ?? nowMs) - 5000;
    const known = this.#demands.filter(
      ({ sinceMs }, index) => sinceMs <= nowMs && (this.#demands[index + 1]?.sinceMs ?? nowMs) >= fromMs,
    );
    return Math.min(this.#promised, ...known.map(({ demand }) => demand));
  }

  unguarded(): boolean {
    return this.#blind !== undefined;
  }

  slack(): number {
    return (this.#terms.survive.pods === 0 && this.rolling() ? 1 : 0) + this.#dip;
  }

  rolling(): boolean {
    const { server } = this.#cluster;
    if (this.#rolling.version === server.version) return this.#rolling.is;
    const own = server.list('pod').filter((pod) => isActive(pod) && !isStranger(pod));
    const sets = Map.groupBy(own, (pod) => pod.deployment);
    const is = [...sets.values()].some((pods) => new Set(pods.map((pod) => pod.hash)).size > 1);
    this.#rolling = { version: server.version, is };
    return is;
  }

  /** Since when nobody has looked after the station: paused, or the operator was down. */
  get #blind(): number | undefined {
    const since = [this.#pausedSinceMs, this.#downSinceMs()].filter((ms) => ms !== undefined);
    return since.length === 0 ? undefined : Math.min(...since);
  }

  /** Pods that may be missing to demand because their replacements found no room, and that was asked for. */
  get #dip(): number {
    if (this.#terms.whenNoRoom !== 'Dip') return 0;
    const { agenda, server } = this.#cluster;
    const sinceMs = agenda.nowMs - 14_000;
    const pods = server.list('pod').filter((pod) => isActive(pod) && !isStranger(pod));
    const told = server.list('deployment').reduce((sum, { replicas }) => sum + replicas, 0);
    const roomless = pods.filter(({ unschedulable }) => (unschedulable?.sinceMs ?? Infinity) <= sinceMs).length;
    const atMost = roomless + Math.max(0, told - pods.length);
    if (atMost > 0) this.#dipped = { pods: atMost, atMs: agenda.nowMs };
    // What was given up is evicted, and put back, a moment later.
    return agenda.nowMs - this.#dipped.atMs < 5000 ? Math.max(atMost, this.#dipped.pods) : atMost;
  }
}

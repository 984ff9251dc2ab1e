import type { DeclaredStation, KitchenSpec } from '../../../operator/api/kitchen.ts';
import type { JsonObject } from '../../../operator/api/kubernetes/json.ts';
import type { DeclaredShift } from '../../../operator/api/shifts.ts';
import { API_VERSION } from '../../../operator/api/labels.ts';
import type { Cluster } from './cluster.ts';
import { listening } from './endpoints.ts';
import type { ContainerPort } from './endpoints.ts';
import type { Expectations } from './expectations.ts';
import { templateOf } from './images.ts';
import type { Fault } from './images.ts';
import { tolerationsFor } from './notices.ts';
import { epochMs, kitchen, namespace, station } from './raw.ts';
import type { Rest } from './rest.ts';
import type { Terms } from './terms.ts';

/** What a new template asks of nodes. */
interface TemplateChange {
  readonly pool?: string;
  readonly tolerates?: boolean;
}

/** A paused station is looked after again so long after nobody pauses it any more. */
const HEARD_MS = 10_000;

/** The Kitchen with its one station, and the people who change it. */
export class Declared {
  readonly #cluster: Cluster;
  readonly #expected: Expectations;
  readonly #rest: Rest;
  readonly #shiftedSince = new Map<string, number>();
  readonly #shiftedUntil = new Map<string, number>();
  #templates = 1;
  #tolerations: readonly JsonObject[];

  constructor(
    cluster: Cluster,
    terms: Terms,
    { expected, rest }: { readonly expected: Expectations; readonly rest: Rest },
  ) {
    this.#cluster = cluster;
    this.#expected = expected;
    this.#rest = rest;
    this.#tolerations = tolerationsFor(terms);
    const { demand: replicas, survive, whenNoRoom = 'Block', ports } = terms;
    const listens =
      ports === undefined
        ? { template: this.#templateOf(), ports: [{ port: 80, protocol: 'TCP' }] as const }
        : listening(ports.target, ports.of, 1);
    const spec: KitchenSpec = { stations: [{ name: station, replicas, survive, whenNoRoom, ...listens }] };
    const body = { apiVersion: API_VERSION, kind: 'Kitchen', metadata: { name: kitchen, namespace }, spec };
    cluster.server.create('kitchen', { name: kitchen, generation: 1, body: body as unknown as JsonObject });
    expected.ask(replicas);
  }

  get isPaused(): boolean {
    return this.#spec?.paused === true;
  }

  demand(replicas: number): void {
    this.#set({}, { replicas });
    this.#expected.ask(replicas);
  }

  zones(zones: readonly string[]): void {
    this.#set({ zones: [...zones] });
  }

  /** Requests are to leave the zone for so long. */
  shift(zone: string, forMs: number): void {
    const { nowMs } = this.#cluster.agenda;
    if (!this.shifts.has(zone)) this.#shiftedSince.set(zone, nowMs);
    this.#shiftedUntil.set(zone, nowMs + forMs);
    const until = new Date(epochMs + this.#cluster.agenda.nowMs + forMs).toISOString();
    this.#set({ shifts: [...this.#shifts.filter((each) => each.zone !== zone), { zone, until }] });
  }

  endShift(zone: string): void {
    this.#shiftedSince.delete(zone);
    if (this.shifts.has(zone)) this.#shiftedUntil.set(zone, this.#cluster.agenda.nowMs);
    this.#set({ shifts: this.#shifts.filter((each) => each.zone !== zone) });
  }

  /** Zones that requests are to leave now, each with how long that will be so. */
  get shifts(): ReadonlyMap<string, number> {
    const left = (until: string): number => Date.parse(until) - epochMs - this.#cluster.agenda.nowMs;
    return new Map(this.#shifts.map(({ zone, until }) => [zone, left(until)] as const).filter(([, ms]) => ms > 0));
  }

  /** For how long requests have been told to leave the zone; undefined while they are not. */
  shiftedForMs(zone: string): number | undefined {
    const sinceMs = this.#shiftedSince.get(zone);
    return sinceMs === undefined || !this.shifts.has(zone) ? undefined : this.#cluster.agenda.nowMs - sinceMs;
  }

  /** Whether requests were told to leave the zone so short a time ago, or are now. */
  wasShiftedWithin(zone: string, ms: number): boolean {
    return this.#cluster.agenda.nowMs < (this.#shiftedUntil.get(zone) ?? -Infinity) + ms;
  }

  get #shifts(): readonly DeclaredShift[] {
    return this.#spec?.shifts ?? [];
  }

  pause(paused: boolean): void {
    this.#set({ paused });
    if (paused) this.#expected.pause();
    else
      this.#cluster.agenda.after(HEARD_MS, () => {
        if (!this.isPaused) this.#expected.unpause();
      });
  }

  /** A new template, which may have a fault, start slowly, ask for a pool of nodes, or tolerate nothing any more. */
  template(special?: Fault | 'slow', { pool, tolerates = true }: TemplateChange = {}): void {
    this.#templates += 1;
    if (pool !== undefined) this.#rest.zonesMayMove();
    if (!tolerates) this.#tolerations = [];
    this.#set({}, { template: this.#templateOf(special, pool) });
  }

  /** A new template that listens to these ports, and where the Service is to lead, in one change. */
  ports(targetPort: number | string, ports: readonly ContainerPort[]): void {
    this.#templates += 1;
    this.#set({}, listening(targetPort, ports, this.#templates));
  }

  get #spec(): KitchenSpec | undefined {
    return this.#cluster.server.get('kitchen', kitchen)?.body['spec'] as KitchenSpec | undefined;
  }

  #set(change: Partial<KitchenSpec>, ofStation: Partial<DeclaredStation> = {}): void {
    const { server } = this.#cluster;
    const now = server.get('kitchen', kitchen);
    const spec = this.#spec;
    if (now === undefined || spec === undefined) return;
    const stations = spec.stations.map((each) => ({ ...each, ...ofStation }));
    const body = { ...now.body, spec: { ...spec, ...change, stations } as unknown as JsonObject };
    server.update('kitchen', now, { body, generation: now.generation + 1 });
  }

  #templateOf(special?: Fault | 'slow', pool?: string): DeclaredStation['template'] {
    const { spec } = templateOf(this.#templates, special);
    const tolerations = this.#tolerations.length === 0 ? {} : { tolerations: this.#tolerations };
    const selected = pool === undefined ? {} : { nodeSelector: { pool } };
    return { spec: { ...spec, ...tolerations, ...selected } };
  }
}

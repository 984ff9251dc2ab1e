import type { StationSpec } from '../../../operator/api/station.ts';
import type { ContainerPort } from './endpoints.ts';
import type { Kind } from './objects.ts';

/** What a simulated cluster is made of. */
export interface Terms {
  readonly seed: number;
  /** Nodes of each zone: `[2, 3]` is zone-a with zone-a-1 and zone-a-2, zone-b with zone-b-1 to zone-b-3. */
  readonly nodes: readonly number[];
  readonly roomPerNode: number;
  readonly startMs: number;
  /** Share of the news and of the work that takes 50–500 ms, not 1–30 ms; 0.1 if not given. */
  readonly slow?: number;
  /** So much later than they might the controllers and the scheduler hear of each object of these kinds. */
  readonly newsMs?: Readonly<Partial<Record<Kind, number>>>;
  readonly demand: number;
  readonly survive: StationSpec['survive'];
  readonly whenNoRoom?: StationSpec['whenNoRoom'];
  /** The template tolerates every taint. */
  readonly tolerates?: boolean;
  /** Where the Service leads at first, and the ports that pods have; port 80, and none, if not given. */
  readonly ports?: { readonly target: number | string; readonly of: readonly ContainerPort[] };
  /** The scheduler fills nodes one after another, as `MostAllocated` does. */
  readonly packs?: boolean;
  /** So long the station's pods tolerate a node's notice; without it not at all. */
  readonly noticeMs?: number;
  /** The operator's `--suspect-after`: it watches the Leases that kubelets renew. If not given, it watches none. */
  readonly suspectAfterMs?: number;
  /**
   * When the node controller calls nodes lost, it is so long at telling all pods there, and calls no other node lost
   * meanwhile. If not given, that takes no time.
   */
  readonly tellsForMs?: number;
}

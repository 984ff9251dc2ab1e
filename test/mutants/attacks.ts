import type { Scenario } from '../../tools/simulate/scenario.ts';
import type { Event } from '../../tools/simulate/sim/events.ts';

/** Scenarios that are held against a law: those written down, each with several seeds, then random ones. */
export interface Attack {
  readonly law: Law;
  readonly scenarios?: readonly Omit<Scenario, 'seed'>[];
  readonly random?: readonly Kind[];
  /** Events of a random scenario. */
  readonly most?: number;
  /** Nodes take few pods. */
  readonly isCrowded?: boolean;
}

/** `rest`: never below demand by itself, and comes to rest. The others: `laws.ts`, `podsMade.ts`, `moves.ts`, `badTemplates.ts`, `fights.ts`, `dying.ts`. */
export type Law =
  | 'rest'
  | 'promise'
  | 'soon'
  | 'made'
  | 'once'
  | 'heal'
  | 'last'
  | 'bounded'
  | 'grows'
  | 'even'
  | 'reached'
  | 'failed'
  | 'beside'
  | 'starts'
  | 'rolled'
  | 'short'
  | 'slow'
  | 'makes'
  | 'fought'
  | 'dying';
export type Kind = 'changes' | 'labellings' | 'losses' | 'mishaps' | 'pressures' | 'absences' | 'crowds';

export type Played = Omit<Scenario, 'seed'>;

/** A scenario without its seed: where it plays, and what happens how long after what was before. */
export function played(
  terms: Pick<Played, 'nodes' | 'demand' | 'survive'> & Partial<Played>,
  ...events: readonly (readonly [number, Event])[]
): Played {
  return {
    roomPerNode: 40,
    startMs: 5000,
    slow: 0.5,
    ...terms,
    events: events.map(([afterMs, event]) => ({ afterMs, event })),
  };
}

export const nothing = { pods: 0, nodes: 0, zones: 0 };
export const onePod = { ...nothing, pods: 1 };
export const oneNode = { ...nothing, nodes: 1 };

export const everyday: Attack = { law: 'rest', random: ['changes', 'losses'], most: 3 };
export const bareDrain: Attack = {
  law: 'rest',
  scenarios: [played({ nodes: [3], demand: 6, survive: nothing }, [0, { kind: 'drain', node: 'zone-a-1' }])],
};
export const shrinkUnderEvictions: Attack = {
  law: 'rest',
  scenarios: [
    played(
      { nodes: [2, 2], demand: 8, survive: { ...nothing, pods: 2 }, slow: 0.9 },
      [0, { kind: 'demand', to: 4 }],
      [0, { kind: 'evictions', many: 8, forMs: 20_000 }],
    ),
    played(
      { nodes: [3], demand: 12, survive: onePod, slow: 0.9 },
      [0, { kind: 'evictions', many: 12, forMs: 60_000 }],
      [0, { kind: 'demand', to: 3 }],
    ),
  ],
  random: ['changes', 'losses', 'pressures'],
  most: 4,
};
export const rolloutUnderEvictions: Attack = {
  law: 'rest',
  scenarios: [
    played(
      { nodes: [2, 2], demand: 8, survive: onePod, slow: 0.9 },
      [0, { kind: 'template' }],
      [0, { kind: 'evictions', many: 9, forMs: 60_000 }],
    ),
  ],
  random: ['changes', 'pressures'],
  most: 3,
};

export const nodeDiesUnderQuota = played(
  { nodes: [4], demand: 3, survive: { ...oneNode, pods: 2 }, roomPerNode: 3 },
  [0, { kind: 'killNode', node: 'zone-a-1' }],
  [1900, { kind: 'quota', pods: 3, zone: 'zone-a' }],
);

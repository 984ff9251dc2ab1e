import { DOOMED } from './layout.ts';
import type { Place } from './layout.ts';

/**
 * What is done to a node.
 *
 * - Kill: its pods are gone, and its kernel says so to all who ask.
 * - Freeze: its pods stand still. Its kernel takes connections, and nobody answers.
 * - BlackHole: no packet gets in or out.
 * - Answer503: its pods pass their health check and answer 503 to all else.
 */
export type Harm = 'Kill' | 'Freeze' | 'BlackHole' | 'Answer503';

interface Fault {
  /** As tables call it. */
  readonly words: string;
  /** Absent: nothing happens. */
  readonly harm?: Harm;
  readonly scope: 'Node' | 'Zone';
}

export const faults = {
  calm: { words: 'calm', scope: 'Node' },
  'node-killed': { words: 'node killed', harm: 'Kill', scope: 'Node' },
  'node-frozen': { words: 'node frozen', harm: 'Freeze', scope: 'Node' },
  'node-black-holed': { words: 'node black-holed', harm: 'BlackHole', scope: 'Node' },
  'node-503': { words: 'node answers 503', harm: 'Answer503', scope: 'Node' },
  'zone-killed': { words: 'zone killed', harm: 'Kill', scope: 'Zone' },
  'zone-frozen': { words: 'zone frozen', harm: 'Freeze', scope: 'Zone' },
  'zone-black-holed': { words: 'zone black-holed', harm: 'BlackHole', scope: 'Zone' },
} as const satisfies Readonly<Record<string, Fault>>;

export type FaultName = keyof typeof faults;

export const faultNames = Object.keys(faults) as readonly FaultName[];

/** What is done to each node. */
export function harmOf(name: FaultName): Harm | undefined {
  const fault: Fault = faults[name];
  return fault.harm;
}

/** The nodes that are harmed: the first of a zone, or all of that zone. */
export function hitBy<P extends Pick<Place, 'zone'>>(name: FaultName, nodes: readonly P[]): readonly P[] {
  if (harmOf(name) === undefined) return [];
  const doomed = nodes.filter(({ zone }) => zone === DOOMED);
  return faults[name].scope === 'Zone' ? doomed : doomed.slice(0, 1);
}

import { isEqual } from '../isEqual.ts';
import type { Key } from '../../api/kubernetes/key.ts';
import type { Clock, Timer } from '../../engine/clock.ts';
import type { FirstSeen } from '../../engine/memory.ts';
import type { Stores } from '../stores.ts';
import type { SuspectWatch } from '../suspects/watchSuspects.ts';
import { Fleet } from './fleet.ts';

interface FleetOptions {
  readonly stores: Pick<Stores, 'nodes'>;
  readonly suspicion: SuspectWatch;
  readonly memory: FirstSeen;
  readonly clock: Clock;
  /** Called with the stations whose plans may have changed by a change of nodes that carry none of their pods. */
  readonly onShift: (stations: readonly Key[]) => void;
}

/** The fleet of the nodes in the store, kept up to date until it is stopped. */
export function watchFleet({ stores, suspicion, memory, clock, onShift }: FleetOptions): {
  readonly fleet: Fleet;
  readonly stop: () => void;
} {
  const fleet = new Fleet(stores.nodes.list(), { memory, suspects: () => suspicion.suspects });
  fleet.onShift = onShift;
  let timer: Timer | undefined;
  const settle = (): void => {
    const nowMs = clock.monotonicMs();
    fleet.settle(nowMs);
    timer?.cancel();
    const leftMs = fleet.turnsAtMs - nowMs;
    timer = leftMs === Infinity ? undefined : clock.setTimer(leftMs, settle);
  };
  const stops = [
    stores.nodes.onChange(({ before, after }) => {
      // Kubelets write a node's status all the time, and nothing that is kept of it changes.
      if (isEqual(before, after)) return;
      if (after !== undefined) fleet.put(after);
      else if (before !== undefined) fleet.drop(before.name);
      settle();
    }),
    suspicion.onFlip((names) => {
      fleet.recheck(names);
      settle();
    }),
  ];
  settle();
  const stop = (): void => {
    timer?.cancel();
    for (const each of stops) each();
  };
  return { fleet, stop };
}

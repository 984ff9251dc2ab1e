import { isEqual } from '../isEqual.ts';
import type { Key } from '../../api/kubernetes/key.ts';
import type { Clock, Timer } from '../../engine/clock.ts';
import type { FirstSeen } from '../../engine/memory.ts';
import type { Stores } from '../stores.ts';
import type { Turned } from '../suspects/leaseAges.ts';
import type { SuspectWatch } from '../suspects/watchSuspects.ts';
import { Fleet } from './fleet.ts';
import { isCalledReady, readyPodsIn } from './readyPods.ts';

interface FleetOptions {
  readonly stores: Pick<Stores, 'nodes' | 'pods'>;
  readonly suspicion: SuspectWatch;
  readonly memory: FirstSeen;
  readonly clock: Clock;
  /** Called with the stations whose plans may have changed by a change of nodes that carry none of their pods. */
  readonly onShift: (stations: readonly Key[]) => void;
  /** Called with the stations to which it matters that a doubt about a zone has begun or ended. */
  readonly onDoubt: (stations: readonly Key[]) => void;
}

/** The fleet of the nodes in the store, kept up to date until it is stopped. */
export function watchFleet({ stores, suspicion, memory, clock, onShift, onDoubt }: FleetOptions): {
  readonly fleet: Fleet;
  readonly stop: () => void;
} {
  const { silentMs } = suspicion;
  const sight = { memory, suspects: () => suspicion.suspects, silentMs, hasReadyPods: readyPodsIn(stores) };
  const fleet = new Fleet(stores.nodes.list(), sight);
  fleet.onShift = onShift;
  fleet.onDoubt = onDoubt;
  let timer: Timer | undefined;
  const settle = (): void => {
    const nowMs = clock.monotonicMs();
    fleet.settle(nowMs);
    timer?.cancel();
    const leftMs = fleet.turnsAtMs - nowMs;
    timer = leftMs === Infinity ? undefined : clock.setTimer(leftMs, settle);
  };
  const recheck = (names: Turned): void => {
    fleet.recheck(names);
    settle();
  };
  const stops = [
    stores.nodes.onChange(({ before, after }) => {
      // Kubelets write a node's status all the time, and nothing that is kept of it changes.
      if (isEqual(before, after)) return;
      if (after !== undefined) fleet.put(after);
      else if (before !== undefined) fleet.drop(before.name);
      settle();
    }),
    // On a lost node, Kubernetes tells one pod after another that it is not Ready.
    stores.pods.onChange(({ before, after }) => {
      const [was, is] = [before, after].map((pod) => (pod !== undefined && isCalledReady(pod) ? pod.node : ''));
      if (was === is) return;
      const lost = [was, is].flatMap((name = '') => (fleet.find(name)?.state === 'lost' ? [name] : []));
      if (lost.length > 0) recheck(lost);
    }),
    suspicion.onFlip(recheck),
    suspicion.onTurn(recheck),
  ];
  settle();
  const stop = (): void => {
    timer?.cancel();
    for (const each of stops) each();
  };
  return { fleet, stop };
}

/*
 * Which pods receive traffic: those that EndpointSlices list as ready with every port of the Service. When a pod lacks
 * the port that a Service port targets, its slice lacks that Service port: Kubernetes keeps pods with different ports
 * in slices of their own.
 */
import type { FirstSeen } from '../../engine/memory.ts';
import type { ServiceObject, SliceObject } from '../objects.ts';

/** Slices follow a change of their Service within this time. */
const FOLLOWED_MS = 2_000;

/** Ports that have been in a Service for so long that its slices have them; `lookAgainMs`: until the next has. */
export interface PortsSeen {
  readonly names: readonly string[];
  readonly lookAgainMs: number | undefined;
}

/** Tells the memory which ports the Service has. */
export function portsSeen(
  service: Pick<ServiceObject, 'uid' | 'ports'> | undefined,
  { memory, nowMs }: { readonly memory: FirstSeen; readonly nowMs: number },
): PortsSeen {
  if (service === undefined) return { names: [], lookAgainMs: undefined };
  const ages = memory.observe(
    `ports of ${service.uid}`,
    service.ports.map(({ name }) => name),
    nowMs,
  );
  const isOld = ([, ageMs]: readonly [string, number]): boolean => ageMs >= FOLLOWED_MS;
  const youngMs = [...ages].filter((entry) => !isOld(entry)).map(([, ageMs]) => FOLLOWED_MS - ageMs);
  return {
    names: [...ages].filter(isOld).map(([name]) => name),
    lookAgainMs: youngMs.length === 0 ? undefined : Math.min(...youngMs),
  };
}

/**
 * Uids of the pods that slices list as ready with all these ports, and with one at least. A port that the station does
 * not declare counts only while some ready pod has it: if a person adds a port to the Service that no pod has, this
 * says nothing about the pods.
 */
export function servedPods(
  slices: readonly SliceObject[],
  names: readonly string[],
  declared: readonly string[],
): ReadonlySet<string> {
  const held = new Map<string, Set<string>>();
  for (const { ports, readyPods } of slices) {
    if (ports.length === 0) continue;
    for (const uid of readyPods) {
      const known = held.get(uid) ?? new Set();
      for (const name of ports) known.add(name);
      held.set(uid, known);
    }
  }
  const inPods = new Set([...declared, ...[...held.values()].flatMap((ports) => [...ports])]);
  const asked = names.filter((name) => inPods.has(name));
  return new Set([...held].filter(([, ports]) => asked.every((name) => ports.has(name))).map(([uid]) => uid));
}

import { isControlPlanes, isOperators } from '../audit.ts';
import type { AuditLine } from '../audit.ts';
import { FLOOR_AGENT } from './floor.ts';
import type { ByName, ZoneFigures } from './result.ts';

/**
 * Whether it is ours: a write of the operator, or of the floor in its place. Writes to Leases are left out: they come
 * with time, whatever happens.
 */
export function isOurs(line: AuditLine): boolean {
  const isFloors = (line.userAgent ?? '').startsWith(FLOOR_AGENT);
  return (isFloors || isOperators(line)) && line.objectRef?.resource !== 'leases';
}

/** Counts write requests by kind, divided by the number of stations. Ours, and those of Kubernetes that follow. */
export function countsOf(
  lines: readonly AuditLine[],
  stations: number,
): Pick<ZoneFigures, 'writes' | 'kubernetesWrites' | 'conflicts'> {
  const ours = lines.filter(isOurs);
  const kubernetes = lines.filter(isKubernetes);
  const conflictsIn = (all: readonly AuditLine[]): number => share(all.filter(isConflict).length, stations);
  return {
    writes: shares(ours.map(kindOf), stations),
    kubernetesWrites: shares(
      kubernetes.map((line) => `${controllerOf(line)} ${kindOf(line)}`),
      stations,
    ),
    conflicts: { ours: conflictsIn(ours), kubernetes: conflictsIn(kubernetes) },
  };
}

/** The sum of all kinds. */
export function totalOf(counts: ByName): number {
  return Math.round(Object.values(counts).reduce((sum, count) => sum + count, 0) * 100) / 100;
}

/** The control plane renews Leases and tells of nodes, whoever makes pods. */
function isKubernetes(line: AuditLine): boolean {
  return isControlPlanes(line) && !['leases', 'nodes'].includes(line.objectRef?.resource ?? '');
}

function isConflict({ responseStatus }: AuditLine): boolean {
  return responseStatus?.code === 409;
}

/** `patch deployments/scale`. */
function kindOf({ verb, objectRef }: AuditLine): string {
  const { resource = '', subresource } = objectRef ?? {};
  return `${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`}`;
}

/** `replicaset-controller` of `system:serviceaccount:kube-system:replicaset-controller`. */
function controllerOf({ user }: AuditLine): string {
  return user?.username?.split(':').at(-1) ?? 'unknown';
}

/** How often each name is there, a station, the most first. */
function shares(names: readonly string[], stations: number): ByName {
  const groups = [...Map.groupBy(names, (name) => name)].toSorted(
    ([a, first], [b, second]) => second.length - first.length || a.localeCompare(b),
  );
  return Object.fromEntries(groups.map(([name, all]) => [name, share(all.length, stations)]));
}

function share(count: number, stations: number): number {
  return Math.round((count / Math.max(1, stations)) * 100) / 100;
}

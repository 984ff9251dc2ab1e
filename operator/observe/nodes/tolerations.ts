import type { PodObject, Taint } from '../objects.ts';

/** https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ */
export interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
  readonly tolerationSeconds?: number | null;
}

/** Kubernetes adds these itself: a node whose kubelet restarts or is not heard of is not being drained. */
const ofKubelets = new Set(['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']);

/** Whether Kubernetes sets the taint because it does not hear the kubelet. */
export function isOfKubelet({ key }: Pick<Taint, 'key'>): boolean {
  return ofKubelets.has(key);
}

/** Whether a toleration matches this taint. */
export function tolerates(
  { key = '', operator = 'Equal', value = '', effect = '' }: Toleration,
  taint: Taint,
): boolean {
  if (effect !== '' && effect !== taint.effect) return false;
  if (key === '') return operator === 'Exists';
  if (key !== taint.key) return false;
  switch (operator) {
    case 'Exists':
      return true;
    case 'Equal':
    case '':
      return value === (taint.value ?? '');
    case 'Gt':
      return Number(taint.value) > Number(value);
    case 'Lt':
      return Number(taint.value) < Number(value);
    default:
      return false;
  }
}

/** The taints that evict pods with these tolerations, at once or later. */
export function evictingTaints(tolerations: readonly Toleration[], taints: readonly Taint[]): readonly Taint[] {
  return taints.filter((taint) => staysMs(tolerations, taint) < Infinity);
}

/** How long such taints let pods stay, in ms: the shortest time that is tolerated; `Infinity` when none evicts them. */
export function evictedAfterMs(tolerations: readonly Toleration[], taints: readonly Taint[]): number {
  return Math.min(Infinity, ...taints.map((taint) => staysMs(tolerations, taint)));
}

/** How long one taint lets a pod stay. The first toleration that matches the taint decides, as in Kubernetes. */
function staysMs(tolerations: readonly Toleration[], taint: Taint): number {
  if (taint.effect !== 'NoExecute' || isOfKubelet(taint)) return Infinity;
  const toleration = tolerations.find((each) => tolerates(each, taint));
  if (toleration === undefined) return 0;
  const { tolerationSeconds } = toleration;
  return tolerationSeconds === undefined || tolerationSeconds === null
    ? Infinity
    : Math.max(0, tolerationSeconds) * 1000;
}

/** * Only tolerations that say how long a pod stays on a tainted node, without those that Kubernetes adds to every pod. */
export function lastingTolerations(all: readonly Toleration[] = []): readonly Toleration[] {
  return all.filter(({ key = '', effect = '' }) => !ofKubelets.has(key) && (effect === '' || effect === 'NoExecute'));
}

/** What the pods on each node tolerate: they keep the tolerations of the template that they were made from. */
export function tolerationsByNode(
  pods: readonly Pick<PodObject, 'node' | 'tolerations'>[],
): ReadonlyMap<string, readonly (readonly Toleration[])[]> {
  const byNode = new Map<string, Set<readonly Toleration[]>>();
  for (const { node, tolerations } of pods) byNode.set(node, (byNode.get(node) ?? new Set()).add(tolerations));
  return new Map([...byNode].map(([node, each]) => [node, [...each]]));
}

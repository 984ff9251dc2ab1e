import type { KubeObject } from '../../operator/api/kubernetes/object.ts';
import type { Proxied } from './proxied.ts';

/**
 * What a write of the operator does, as the algorithms name it: `reserve` and `release` raise and lower the budget, `cost`
 * marks pods to be deleted first and `uncost` takes such a mark off. `other`: all else that changes something.
 */
export type WriteKind = 'reserve' | 'release' | 'grow' | 'shrink' | 'cost' | 'uncost' | 'status' | 'other';

interface Written {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string | null>> };
  readonly spec?: { readonly replicas?: number; readonly minAvailable?: number };
}

const costOfDeletion = 'controller.kubernetes.io/pod-deletion-cost';

/** Tells the writes of one operator apart; it remembers the figures that were read or written last. */
export class WriteKinds {
  readonly #figures = new Map<string, number>();

  /** Undefined for what changes nothing, and for Leases, events and questions about rights. */
  kindOf(request: Proxied): WriteKind | undefined {
    const { method, resource, subresource, body } = request;
    if (method === 'GET' || ['leases', 'events', ''].includes(resource) || resource.endsWith('reviews'))
      return undefined;
    if (subresource === 'status') return 'status';
    if (method !== 'PATCH') return 'other';
    if (resource === 'pods') {
      const cost = (body as Written).metadata?.annotations?.[costOfDeletion];
      return cost === undefined ? 'other' : cost === null ? 'uncost' : 'cost';
    }
    const before = this.#figures.get(placeOf(request));
    const after = figureIn(resource, body);
    if (before === undefined || after === undefined || before === after) return 'other';
    if (resource === 'deployments') return after > before ? 'grow' : 'shrink';
    return after > before ? 'reserve' : 'release';
  }

  /** Takes in an object, or a list of them, as the API server answered a read or a write. */
  answered({ resource, namespace, name }: Proxied, answer: unknown): void {
    const { items } = answer as { readonly items?: readonly KubeObject[] };
    for (const object of items ?? [answer]) {
      const figure = figureIn(resource, object);
      const { metadata } = object as Partial<KubeObject>;
      const at = { resource, namespace: namespace ?? metadata?.namespace, name: name ?? metadata?.name };
      if (figure !== undefined) this.#figures.set(placeOf(at), figure);
    }
  }
}

function placeOf({ resource, namespace, name }: Pick<Proxied, 'resource' | 'namespace' | 'name'>): string {
  return `${resource} ${namespace}/${name}`;
}

function figureIn(resource: string, object: unknown): number | undefined {
  const { spec } = (object ?? {}) as Written;
  if (resource === 'deployments') return spec?.replicas;
  return resource === 'poddisruptionbudgets' ? spec?.minAvailable : undefined;
}

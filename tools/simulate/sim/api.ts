import { annotations, fieldManagers } from '../../../operator/api/labels.ts';
import type { JsonObject } from '../../../operator/api/kubernetes/json.ts';
import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';
import {
  deployments,
  endpointSlices,
  nodes,
  podDisruptionBudgets,
  pods,
  replicaSets,
  services,
} from '../../../operator/api/kubernetes/resource.ts';
import type { Resource } from '../../../operator/api/kubernetes/resource.ts';
import { kitchens, stations } from '../../../operator/api/resources.ts';
import type { List, RemoveOptions } from '../../../operator/kube/client.ts';
import { describe } from '../../../operator/kube/path.ts';
import type { Ref, Scope } from '../../../operator/kube/path.ts';
import { objectAt } from '../../../operator/plan/children/json.ts';
import { applyBudget, applyDeployment, applyService, applyStation } from './applies.ts';
import { checkSame, refusal } from './answers.ts';
import type { Cluster } from './cluster.ts';
import type { Kind, Kinds, Stored } from './objects.ts';
import { rawOf } from './raw.ts';

const kindOf = new Map<Resource, Kind>([
  [kitchens, 'kitchen'],
  [stations, 'station'],
  [deployments, 'deployment'],
  [replicaSets, 'replicaSet'],
  [services, 'service'],
  [podDisruptionBudgets, 'budget'],
  [pods, 'pod'],
  [nodes, 'node'],
  [endpointSlices, 'slice'],
]);

interface Patch {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly spec?: JsonObject;
}

/** The verbs of the API server on the simulated objects: each is done at once, and answered or refused as the real one does. */
export class Api {
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  get(at: Ref): KubeObject {
    const [kind, object] = this.#found(at);
    return rawOf(kind, object);
  }

  /** Those with all of these labels: `a=b,c=d`. */
  list({ resource }: Scope, labelSelector = ''): List<KubeObject> {
    const { server } = this.#cluster;
    const kind = kindNamed(resource);
    const wanted = labelSelector.split(',').filter((pair) => pair !== '');
    const items = server
      .list(kind)
      .map((object) => rawOf(kind, object))
      .filter(({ metadata: { labels = {} } }) =>
        wanted.every((pair) => {
          const [key = '', value] = pair.split('=');
          return labels[key] === value;
        }),
      );
    return { items, resourceVersion: String(server.version) };
  }

  apply(at: Ref, asked: KubeObject, fieldManager: string): KubeObject {
    const body = asked as unknown as JsonObject;
    if (at.subresource === 'status') return this.#applyStatus(at, body);
    if (fieldManager !== fieldManagers.operator) throw new Error(`no apply by ${fieldManager} is simulated`);
    switch (at.resource) {
      case stations:
        return rawOf('station', applyStation(this.#cluster, at, body));
      case services:
        return rawOf('service', applyService(this.#cluster, at, body));
      case podDisruptionBudgets:
        return rawOf('budget', applyBudget(this.#cluster, at, body));
      case deployments:
        return rawOf('deployment', applyDeployment(this.#cluster, at, body));
      default:
        throw new Error(`no apply of ${describe(at)} is simulated`);
    }
  }

  /** A merge patch of the figures and annotations that the operator sets so. */
  patch(at: Ref, patch: Patch): KubeObject {
    const { server } = this.#cluster;
    const [kind, known] = this.#found(at);
    checkSame(known, patch.metadata, at);
    if (patch.spec !== undefined) return this.#patchFigures(at, patch.spec);
    const noted = patch.metadata['annotations'] as Readonly<Record<string, string | null>>;
    if (kind === 'pod') {
      const cost = noted[annotations.podDeletionCost] ?? undefined;
      return stored(kind, server.update('pod', known, { cost: cost === undefined ? undefined : Number(cost) }));
    }
    if (kind !== 'deployment') throw new Error(`no patch of ${describe(at)} is simulated`);
    return stored(kind, server.update('deployment', known, { timesTold: Number(noted[annotations.timesTold]) }));
  }

  /** As an apply of the whole object with these figures: the operator is the owner of all of it either way. */
  #patchFigures(at: Ref, figures: JsonObject): KubeObject {
    const [, { body }] = this.#found<'deployment' | 'budget'>(at);
    const { resourceVersion: _, ...metadata } = objectAt(body, 'metadata');
    const whole = { ...body, metadata, spec: { ...objectAt(body, 'spec'), ...figures } };
    return this.apply(at, whole, fieldManagers.operator);
  }

  remove(at: Ref, seen: Pick<RemoveOptions, 'uid' | 'resourceVersion'>): void {
    const [kind, known] = this.#found(at);
    checkSame(known, seen, at);
    this.#cluster.server.remove(kind, known.name);
  }

  #applyStatus(at: Ref, body: JsonObject): KubeObject {
    const [kind, known] = this.#found(at);
    if (kind !== 'station' && kind !== 'kitchen') throw new Error(`no status of ${describe(at)} is simulated`);
    checkSame(known, objectAt(body, 'metadata'), at);
    return stored(kind, this.#cluster.server.update(kind, known, { status: objectAt(body, 'status') }));
  }

  #found<K extends Kind>(at: Ref): readonly [K, Kinds[K]] {
    const kind = kindNamed(at.resource) as K;
    const object = this.#cluster.server.get(kind, at.name);
    if (object === undefined) throw refusal('notFound', at, 'not found');
    return [kind, object];
  }
}

function kindNamed(resource: Resource): Kind {
  const kind = kindOf.get(resource);
  if (kind === undefined) throw new Error(`no ${resource.plural} are simulated`);
  return kind;
}

/** What was just found is there. */
function stored<K extends Kind>(kind: K, object: Kinds[K] | undefined): KubeObject {
  if (object === undefined) throw new Error(`the ${kind} went while it was written`);
  return rawOf(kind, object satisfies Stored as Kinds[K]);
}

import { canonicalJson } from '../../../operator/api/hash.ts';
import type { Json, JsonObject } from '../../../operator/api/kubernetes/json.ts';
import type { Ref } from '../../../operator/kube/path.ts';
import { objectAt } from '../../../operator/plan/children/json.ts';
import { checkSame, refusal } from './answers.ts';
import type { Cluster } from './cluster.ts';
import type { Kind, Kinds, SimBudget, SimDeployment, SimService, SimStation } from './objects.ts';

export function applyStation(cluster: Cluster, at: Ref, body: JsonObject): SimStation {
  const known = cluster.server.get('station', at.name);
  checkSame(known, objectAt(body, 'metadata'), at);
  return put(cluster, 'station', { name: at.name, body, generation: generationAfter(known, body) });
}

export function applyService(cluster: Cluster, at: Ref, body: JsonObject): SimService {
  checkSame(cluster.server.get('service', at.name), objectAt(body, 'metadata'), at);
  return put(cluster, 'service', { name: at.name, body });
}

export function applyBudget(cluster: Cluster, at: Ref, body: JsonObject): SimBudget {
  const known = cluster.server.get('budget', at.name);
  checkSame(known, objectAt(body, 'metadata'), at);
  const denial = cluster.admission.deniesBudgets(cluster.agenda.nowMs);
  if (denial !== undefined) throw refusal('forbidden', at, denial);
  const minAvailable = Number(objectAt(body, 'spec')['minAvailable']);
  const status = known?.status ?? uncounted;
  return put(cluster, 'budget', {
    name: at.name,
    body,
    minAvailable,
    generation: generationAfter(known, body),
    status,
  });
}

const uncounted: SimBudget['status'] = {
  observedGeneration: 0,
  currentHealthy: 0,
  desiredHealthy: 0,
  allowed: 0,
  disrupted: new Map(),
};

export function applyDeployment(cluster: Cluster, at: Ref, asked: JsonObject): SimDeployment {
  const { server, admission } = cluster;
  const known = server.get('deployment', at.name);
  checkSame(known, objectAt(asked, 'metadata'), at);
  const spec = objectAt(asked, 'spec');
  const template = withoutEmptyAccount(objectAt(spec, 'template'));
  // A template that a ReplicaSet had comes back with its fields in another order.
  const hash = hashOf(canonicalJson(template));
  const denial = admission.deniesTemplate(at.name, hash);
  if (denial !== undefined) throw refusal('forbidden', at, denial);
  const replicas = Math.min(Number(spec['replicas']), admission.mostReplicas);
  const body = { ...asked, spec: { ...spec, template, replicas } };
  const { maxSurge: surge, maxUnavailable } = objectAt(objectAt(spec, 'strategy'), 'rollingUpdate');
  // A field that is not applied stays as another has it.
  const paused = (spec['paused'] ?? known?.paused) === true;
  const isTurned = known !== undefined && known.paused !== paused;
  const kept = known ?? { revision: 0, timesTold: 0, status: unobserved };
  return put(cluster, 'deployment', {
    ...kept,
    name: at.name,
    body,
    scaledBy: undefined,
    paused,
    template,
    hash,
    replicas,
    surge: typeof surge === 'number' || typeof surge === 'string' ? surge : '25%',
    unavailable: Number(maxUnavailable ?? 0),
    minReadyMs: Number(spec['minReadySeconds'] ?? 0) * 1000,
    deadlineMs: Number(spec['progressDeadlineSeconds'] ?? 600) * 1000,
    generation: generationAfter(known, body) + (isTurned ? 1 : 0),
  });
}

const unobserved: SimDeployment['status'] = {
  observedGeneration: 0,
  replicas: 0,
  updated: 0,
  ready: 0,
  available: 0,
  failure: undefined,
  progress: undefined,
};

type Made<K extends Kind> = Omit<Kinds[K], 'uid' | 'version' | 'createdMs'>;

function put<K extends Kind>({ server }: Cluster, kind: K, object: Made<K>): Kinds[K] {
  const { name } = object as unknown as { readonly name: string };
  const { uid: _, version: __, createdMs: ___, ...change } = object as unknown as Kinds[K];
  const done = server.create(kind, object) ?? server.update(kind, { name }, change as unknown as Partial<Kinds[K]>);
  if (done === undefined) throw new Error(`${kind} ${name} is neither there nor can be made`);
  return done;
}

/** Only a change of the spec makes a new generation. */
function generationAfter(
  known: { readonly generation: number; readonly body: JsonObject } | undefined,
  body: JsonObject,
): number {
  if (known === undefined) return 1;
  return JSON.stringify(known.body['spec']) === JSON.stringify(body['spec']) ? known.generation : known.generation + 1;
}

/** The API server writes no empty names of accounts down. */
function withoutEmptyAccount({ spec, ...template }: JsonObject): JsonObject {
  const { serviceAccountName, serviceAccount, ...pod } = spec as JsonObject;
  const named = (value: Json | undefined): boolean => value !== undefined && value !== '';
  return {
    ...template,
    spec: {
      ...pod,
      ...(named(serviceAccountName) ? { serviceAccountName: serviceAccountName ?? '' } : {}),
      ...(named(serviceAccount) ? { serviceAccount: serviceAccount ?? '' } : {}),
    },
  };
}

/** A short hash of a text (FNV-1a), as a ReplicaSet's name carries one. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(36);
}

import type { JsonObject, Json } from '../../../operator/api/kubernetes/json.ts';
import type { Step } from '../../../operator/model/plan.ts';
import type { Intent } from '../../../operator/model/intent.ts';
import type { Cluster } from './cluster.ts';
import type { Kind, SimBudget, SimDeployment, Stored } from './objects.ts';

const lowestCost = -2_147_483_648;

/** What was written, for the writer's own stores; undefined when the write was refused because the picture was old. */
export type Written = readonly { readonly kind: Kind; readonly name: string }[] | undefined;

/** Does to the simulated objects what a step's write does to real ones. */
export function write(cluster: Cluster, step: Step): Written {
  switch (step.kind) {
    case 'applyService':
      return applyService(cluster, step.intent);
    case 'applyBudget':
      return applyBudget(cluster, step.intent);
    case 'create':
    case 'evenOut':
    case 'grow':
    case 'makeRoom':
    case 'mend':
    case 'rollOut':
    case 'shrink':
      return applyDeployment(cluster, step.intent);
    case 'rollBack':
      return rollBack(cluster, step);
    case 'mark':
      return setCost(cluster, step.pods, lowestCost);
    case 'unmark':
      return setCost(cluster, step.pods, undefined);
    case 'tellToTry':
      return tellToTry(cluster, step);
    case 'prune':
      return prune(cluster, 'deployment', step);
    case 'pruneService':
      break;
  }
  return prune(cluster, 'service', step);
}

function applyService({ server }: Cluster, { name, body }: Intent): Written {
  if (server.get('service', name) === undefined) server.create('service', { name, body });
  else server.update('service', { name }, { body });
  return [{ kind: 'service', name }];
}

function applyBudget({ server }: Cluster, intent: Intent): Written {
  const { name, body } = intent;
  const known = server.get('budget', name);
  if (isOld(known, intent)) return undefined;
  const minAvailable = Number(objectAt(body, 'spec')['minAvailable']);
  if (known === undefined) {
    const status: SimBudget['status'] = {
      observedGeneration: 0,
      currentHealthy: 0,
      desiredHealthy: 0,
      allowed: 0,
      disrupted: new Map(),
    };
    server.create('budget', { name, body, minAvailable, generation: 1, status });
  } else server.update('budget', { name }, { body, minAvailable, generation: generationAfter(known, body) });
  return [{ kind: 'budget', name }];
}

function applyDeployment({ server, admission }: Cluster, intent: Intent): Written {
  const { name, body } = intent;
  const known = server.get('deployment', name);
  if (isOld(known, intent) || isAnother(known, intent)) return undefined;
  const spec = objectAt(body, 'spec');
  const template = objectAt(spec, 'template');
  const { maxSurge: surge, maxUnavailable } = objectAt(objectAt(spec, 'strategy'), 'rollingUpdate');
  const replicas = Math.min(Number(spec['replicas']), admission.mostReplicas);
  const asked = {
    body: { ...body, spec: { ...spec, replicas } },
    scaledBy: undefined,
    // A field that is not applied stays as another has it.
    paused: (spec['paused'] ?? known?.paused) === true,
    template,
    hash: hashOf(JSON.stringify(template)),
    replicas,
    surge: typeof surge === 'number' || typeof surge === 'string' ? surge : '25%',
    unavailable: Number(maxUnavailable ?? 0),
    minReadyMs: Number(spec['minReadySeconds'] ?? 0) * 1000,
    deadlineMs: Number(spec['progressDeadlineSeconds'] ?? 600) * 1000,
  };
  if (known === undefined) {
    server.create('deployment', { name, ...asked, generation: 1, revision: 0, timesTold: 0, status: unobserved });
  } else {
    const generation = generationAfter(known, asked.body) + (known.paused === asked.paused ? 0 : 1);
    server.update('deployment', { name }, { ...asked, generation });
  }
  return [{ kind: 'deployment', name }];
}

function tellToTry({ server }: Cluster, { name, uid, times }: Extract<Step, { kind: 'tellToTry' }>): Written {
  const done = server.update('deployment', { name, uid }, { timesTold: times });
  return done === undefined ? undefined : [{ kind: 'deployment', name }];
}

/** The template comes from the ReplicaSet that still has it. */
function rollBack(cluster: Cluster, { intent, good, failing }: Extract<Step, { kind: 'rollBack' }>): Written {
  const sets = cluster.server.list('replicaSet').filter((set) => set.deployment === intent.name);
  const [newest] = sets.toSorted((a, b) => b.revision - a.revision);
  const before = sets.find((set) => String(set.revision) === good.revision);
  if (before === undefined || (failing !== undefined && newest?.hash !== failing)) return undefined;
  const spec = { ...objectAt(intent.body, 'spec'), template: before.template };
  return applyDeployment(cluster, { ...intent, body: { ...intent.body, spec } });
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

function setCost(
  { server }: Cluster,
  pods: readonly { readonly name: string; readonly uid: string }[],
  cost: number | undefined,
): Written {
  const done = pods.filter((pod) => server.update('pod', pod, { cost }) !== undefined);
  return done.map(({ name }) => ({ kind: 'pod', name }));
}

function prune(
  { server }: Cluster,
  kind: 'deployment' | 'service',
  step: { readonly name: string; readonly uid: string; readonly resourceVersion: string },
): Written {
  const known = server.get(kind, step.name);
  if (known === undefined || known.uid !== step.uid || String(known.version) !== step.resourceVersion) return undefined;
  server.remove(kind, step.name);
  return [];
}

function isOld(known: Stored | undefined, { resourceVersion }: Intent): boolean {
  return resourceVersion !== undefined && String(known?.version) !== resourceVersion;
}

/** An apply that names an object by its uid neither makes one that is gone anew nor goes to another one. */
function isAnother(known: Stored | undefined, { body }: Intent): boolean {
  const { uid } = objectAt(body, 'metadata');
  return uid !== undefined && uid !== known?.uid;
}

/** Only a change of the spec makes a new generation. */
function generationAfter(known: { readonly generation: number; readonly body: JsonObject }, body: JsonObject): number {
  return JSON.stringify(known.body['spec']) === JSON.stringify(body['spec']) ? known.generation : known.generation + 1;
}

function objectAt(parent: JsonObject, key: string): JsonObject {
  const value: Json | undefined = parent[key];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

/** A short hash of a text (FNV-1a), as a ReplicaSet's name carries one. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(36);
}

import { selectorText } from '../../api/labels.ts';
import type { Labels } from '../../api/labels.ts';
import { showZone } from '../../api/zone.ts';
import { ApiError } from '../../kube/errors.ts';
import type { KubeObject } from '../../api/kubernetes/object.ts';
import { deployments, replicaSets } from '../../api/kubernetes/resource.ts';
import type { JsonObject } from '../../api/kubernetes/json.ts';
import type { Step } from '../../model/plan.ts';
import { applyIntent } from '../write.ts';
import type { Writing } from '../write.ts';

/** Set by the Deployment controller: which of a Deployment's templates a ReplicaSet has. */
const REVISION = 'deployment.kubernetes.io/revision';
/** The Deployment controller adds it to the template of a ReplicaSet. A Deployment's own template must not have it. */
const TEMPLATE_HASH = 'pod-template-hash';

/** The ReplicaSet that still had the good template is gone. */
export class NothingToGoBackToError extends Error {
  override readonly name = 'NothingToGoBackToError';
}

type RollBack = Extract<Step, { kind: 'rollBack' }>;

interface ReplicaSet extends KubeObject {
  readonly spec: {
    readonly template: JsonObject & { readonly metadata?: JsonObject & { readonly labels?: Labels } };
  };
}

/**
 * Gives a Deployment the template of its old ReplicaSet, word for word, so that its controller uses that ReplicaSet
 * again and replaces none of its pods. Throws `NothingToGoBackToError` when that ReplicaSet is gone, and a `conflict`
 * when the pods that failed are not of the newest ReplicaSet after all.
 */
export async function sendRollBack(writing: Writing, step: RollBack, doing: string): Promise<KubeObject> {
  const { name, namespace } = step.intent;
  const body = step.intent.body as unknown as KubeObject & { readonly spec: JsonObject };
  const selector = body.spec['selector'] as { readonly matchLabels: Labels };
  const labelSelector = selectorText(selector.matchLabels);
  const { items } = await writing.client.list<ReplicaSet>(
    { resource: replicaSets, namespace },
    { labelSelector, timeoutMs: 5_000, doing },
  );
  const own = items.filter(({ metadata }) =>
    metadata.ownerReferences?.some((owner) => owner.controller && owner.name === name),
  );
  refuseOlder(own, step, doing);
  const good = own.find((set) => revisionOf(set) === step.good.revision);
  if (good === undefined) throw new NothingToGoBackToError(gone(step));
  const spec = { ...body.spec, template: withoutHash(good.spec.template) };
  const at = { resource: deployments, namespace, name };
  return applyIntent(writing, { at, body: { ...body, spec } as unknown as KubeObject, doing });
}

function refuseOlder(own: readonly ReplicaSet[], { failing }: RollBack, doing: string): void {
  if (failing === undefined) return;
  const newest = own.toSorted((a, b) => Number(revisionOf(b)) - Number(revisionOf(a)))[0];
  if (newest?.metadata.labels?.[TEMPLATE_HASH] === failing) return;
  throw new ApiError({ code: 'conflict', doing, why: 'the pods that failed are not of the newest template' });
}

function gone({ zone, good }: RollBack): string {
  return `the ReplicaSet of revision ${good.revision} in ${showZone(zone)}, which had the template before, is gone`;
}

function revisionOf({ metadata }: KubeObject): string {
  return metadata.annotations?.[REVISION] ?? '';
}

function withoutHash({ metadata = {}, ...template }: ReplicaSet['spec']['template']): JsonObject {
  const { creationTimestamp: _, labels = {}, ...rest } = metadata;
  const { [TEMPLATE_HASH]: __, ...kept } = labels;
  return { ...template, metadata: { ...rest, labels: kept } };
}

import type { V1PodSpec } from '@kubernetes/client-node';
import * as z from 'zod';
import type { DeepReadonly } from './readonly.ts';

/** A PodTemplateSpec; of its metadata only labels and annotations. */
export interface PodTemplate {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: DeepReadonly<V1PodSpec>;
}

/** The key that marks where the CRD gets the API server's own schema of a pod template. */
export const POD_TEMPLATE_MARK = 'x-kitchen-pod-template';

/** A pod template, checked only for its list of containers: the API server checks the rest by its own schema. */
export const podTemplate = z
  .custom<PodTemplate>(hasContainers, {
    error: 'a template is a pod template, with a list of at least one container at spec.containers',
  })
  .meta({ [POD_TEMPLATE_MARK]: true });

function hasContainers(value: unknown): boolean {
  const containers = (value as { spec?: { containers?: unknown } } | null | undefined)?.spec?.containers;
  return Array.isArray(containers) && containers.length > 0;
}

/**
 * The template as a Deployment would keep it: without fields that are null, and with only labels and annotations in its
 * metadata, since no other metadata reaches a pod.
 */
export function keptTemplate(template: PodTemplate): PodTemplate {
  const { metadata, ...rest } = withoutNulls(template) as PodTemplate;
  if (metadata === undefined) return rest;
  const { labels, annotations } = metadata;
  const kept = { ...(labels === undefined ? {} : { labels }), ...(annotations === undefined ? {} : { annotations }) };
  return { ...rest, metadata: kept };
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(fields.map(([name, field]) => [name, withoutNulls(field)]));
}

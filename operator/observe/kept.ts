import type { KubeObject } from '../api/kubernetes/object.ts';
import { reuse, share } from './share.ts';

/** Where `kubectl apply` without `--server-side` notes all that it was given. Nobody here reads it. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

type Whole = KubeObject & { readonly spec?: unknown };

/**
 * An object as it is kept when much of it is read: equal parts shared, without `managedFields` and without the
 * annotation that repeats all of it. Parts that are as they were `before` stay the same.
 */
export function kept<T extends KubeObject>(raw: T, before?: KubeObject): T {
  const { apiVersion, kind, metadata, spec } = raw as Whole;
  const { managedFields: _, labels, annotations, ownerReferences, ...about } = metadata;
  const { metadata: had, spec: hadSpec } = (before ?? { metadata: {} }) as Whole;
  return {
    ...raw,
    ...(apiVersion === undefined ? {} : { apiVersion: share(apiVersion) }),
    ...(kind === undefined ? {} : { kind: share(kind) }),
    metadata: {
      ...about,
      ...(labels === undefined ? {} : { labels: reuse(had.labels, labels) }),
      ...(annotations === undefined ? {} : { annotations: reuse(had.annotations, withoutLastApplied(annotations)) }),
      ...(ownerReferences === undefined ? {} : { ownerReferences: reuse(had.ownerReferences, ownerReferences) }),
    },
    ...(spec === undefined ? {} : { spec: reuse(hadSpec, spec) }),
  };
}

/** As `kept`, for an object whose status is read too. */
export function keptWithStatus<T extends KubeObject & { readonly status?: unknown }>(raw: T, before?: T): T {
  const { status } = raw;
  return status === undefined ? kept(raw, before) : { ...kept(raw, before), status: reuse(before?.status, status) };
}

function withoutLastApplied(annotations: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (annotations[LAST_APPLIED] === undefined) return annotations;
  const { [LAST_APPLIED]: _, ...others } = annotations;
  return others;
}

import type { Resource } from '../api/kubernetes/resource.ts';

/** All objects of a resource, in one namespace or, if none is given, in the whole cluster. */
export interface Scope {
  readonly resource: Resource;
  readonly namespace?: string;
}

/** One object, or one of its subresources such as `status`, `scale` or `eviction`. */
export interface Ref extends Scope {
  readonly name: string;
  readonly subresource?: string;
}

/**
 * The path of a collection (no `name`) or of one object. Throws when a namespace is missing, or is given for a resource
 * without namespaces.
 */
export function pathOf(at: Scope & Partial<Ref>): string {
  const { resource, namespace, name, subresource } = at;
  if (namespace !== undefined && !resource.namespaced) {
    throw new TypeError(`${resource.plural} have no namespace, but ${namespace} was given`);
  }
  if (name !== undefined && namespace === undefined && resource.namespaced) {
    throw new TypeError(`${resource.plural} ${name}: a namespace is needed`);
  }
  const root = resource.group === '' ? '/api' : `/apis/${resource.group}`;
  const parts = [root, resource.version];
  if (namespace !== undefined) parts.push('namespaces', encodeURIComponent(namespace));
  parts.push(resource.plural);
  if (name !== undefined) parts.push(encodeURIComponent(name));
  if (subresource !== undefined) parts.push(subresource);
  return parts.join('/');
}

/** Names an object or a collection in words, for errors: `deployments/scale default/grill`. */
export function describe(at: Scope & Partial<Ref>): string {
  const { resource, namespace, name, subresource } = at;
  const what = subresource === undefined ? resource.plural : `${resource.plural}/${subresource}`;
  const where = [namespace, name].filter((part) => part !== undefined).join('/');
  return where === '' ? what : `${what} ${where}`;
}
